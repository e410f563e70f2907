import { InputError } from "../checks.ts";
import { QUANTITIES, type RunRecord } from "../device/index.ts";
import { describeStack } from "./stack.ts";

/** A column of numbers. */
export interface TableColumn {
  readonly name: string;
  /** SI unit; "1" for a plain number. */
  readonly unit: string;
  /** What the numbers are, in one line. */
  readonly doc?: string;
  readonly values: ArrayLike<number>;
}

/** A table of numbers; every file format of tables writes and reads this. */
export interface Table {
  readonly title: string;
  readonly columns: readonly TableColumn[];
}

/** What a run recorded, with units and meanings as QUANTITIES declares them. */
export function tableOf(result: RunRecord): Table {
  const columns = QUANTITIES.flatMap(({ unit, doc, columns }) =>
    columns(result.model).flatMap(({ name }) => {
      const values = result.table.get(name);
      return values ? [{ name, unit, doc, values }] : [];
    }),
  );
  return { title: describeStack(result.device), columns };
}

/** Throws an InputError unless the columns of a table are of one length and their names and units fit on one line. */
export function checkTable({ title, columns }: Table): void {
  const oneLine = (what: string, text: string): void => {
    if (/[\r\n]/.test(text)) throw new InputError(what, text, "text on one line");
  };
  oneLine("table: title", title);
  if (columns.length === 0) throw new InputError(`table "${title}": columns`, [], "at least one column");
  const rows = columns[0].values.length;
  for (const { name, unit, doc = "", values } of columns) {
    const column = `table "${title}": column "${name}"`;
    oneLine(`${column}: name`, name);
    oneLine(`${column}: doc`, doc);
    if (name.trim() !== name || name === "")
      throw new InputError(`${column}: name`, name, "a name without outer spaces");
    if (!/^\S(.*\S)?$/.test(unit)) throw new InputError(`${column}: unit`, unit, 'an SI unit, "1" for a plain number');
    if (values.length !== rows) {
      throw new InputError(`${column}: number of values`, values.length, `${rows}, as in column "${columns[0].name}"`);
    }
  }
}

/** The shortest text that reads back to the same f64. */
export const exactNumber = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** Columns filled from rows of numbers. */
export function columnsFromRows(
  headers: readonly { readonly name: string; readonly unit: string }[],
  rows: readonly (readonly number[])[],
): TableColumn[] {
  return headers.map(({ name, unit }, c) => ({ name, unit, values: Float64Array.from(rows, (row) => row[c]) }));
}
