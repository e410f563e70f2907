/** Comma-separated values (RFC 4180) with one header line of `name (unit)`. */
import { InputError } from "../checks.ts";
import { checkTable, columnsFromRows, exactNumber, type Table } from "./table.ts";

/** A table as CSV.  The format has no place for a title. */
export function writeCsv(table: Table): string {
  checkTable(table);
  const { columns } = table;
  const header = columns.map(({ name, unit }) => field(`${name} (${unit})`)).join(",");
  const rows = Array.from({ length: columns[0].values.length }, (_, r) =>
    columns.map(({ values }) => exactNumber(values[r])).join(","),
  );
  return [header, ...rows, ""].join("\n");
}

/** The table of a CSV file; a header without a unit counts as "1".  Throws an InputError that names the wrong line. */
export function readCsv(text: string, title = ""): Table {
  const [header, ...lines] = text.split(/\r?\n/);
  const headers = fields(header).map((entry) => {
    const parts = /^(.*\S)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/s.exec(entry);
    return parts ? { name: parts[1], unit: parts[2] } : { name: entry, unit: "1" };
  });
  const rows = lines.flatMap((line, i) => {
    if (line.trim() === "") return [];
    const entries = fields(line);
    const row = entries.map((entry) => (entry.trim() === "" ? Number.NaN : Number(entry)));
    const wrong = row.some((value, c) => Number.isNaN(value) && !["", "NaN"].includes(entries[c].trim()));
    if (row.length !== headers.length || wrong) {
      throw new InputError(`CSV file: line ${i + 2}`, line, `${headers.length} numbers separated by commas`);
    }
    return [row];
  });
  return { title, columns: columnsFromRows(headers, rows) };
}

const field = (text: string): string => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const fields = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare,
  );
