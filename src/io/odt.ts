/**
 * OOMMF's data table format ODT 1.0, as in the OOMMF User's Guide, "Data Table File Format (ODT)".  Names and units are
 * Tcl lists; "{}" stands for a plain number among the units and for a missing value among the data.
 */
import { InputError } from "../checks.ts";
import { checkTable, columnsFromRows, exactNumber, type Table } from "./table.ts";
import { listEntries, listEntry } from "./tclList.ts";

/** A table in ODT 1.0.  NaN is written as a missing value.  Throws an InputError for text the format cannot hold. */
export function writeOdt(table: Table): string {
  checkTable(table);
  const { title, columns } = table;
  const names = columns.map(({ name }) => listEntry("ODT file: name", name));
  const units = columns.map(({ unit }) => (unit === "1" ? "{}" : listEntry("ODT file: unit", unit)));
  const rows = Array.from({ length: columns[0].values.length }, (_, r) =>
    columns.map(({ values }) => (Number.isNaN(values[r]) ? "{}" : exactNumber(values[r]))).join(" "),
  );
  return [
    "# ODT 1.0",
    "# Table Start",
    `# Title: ${title}`,
    // A backslash at the end of a line would join it to the next one.
    ...columns.flatMap(({ name, doc }) => (doc ? [`## ${name}: ${doc.replace(/\\+$/, "")}`] : [])),
    `# Columns: ${names.join(" ")}`,
    `# Units: ${units.join(" ")}`,
    ...rows,
    "# Table End",
    "",
  ].join("\n");
}

/** The first table of an ODT file.  Throws an InputError that names the line that cannot be read. */
export function readOdt(text: string): Table {
  const lines = text.replace(/\\\r?\n#*/g, "").split(/\r?\n/);
  if (!/^#\s*ODT\s+1\.0\s*$/i.test(lines[0])) throw new InputError("ODT file: first line", lines[0], '"# ODT 1.0"');
  let title = "";
  let names: string[] | undefined;
  let units: string[] | undefined;
  const rows: number[][] = [];
  for (const [i, line] of lines.entries()) {
    const tag = /^#\s*(title|columns|units|table end)\s*:?\s?(.*)$/is.exec(line);
    if (tag) {
      const key = tag[1].toLowerCase();
      if (key === "table end") break;
      if (key === "title") title = tag[2];
      if (key === "columns") names = listEntries(tag[2]);
      if (key === "units") units = listEntries(tag[2]);
    } else if (!line.startsWith("#") && line.trim() !== "") {
      const row = listEntries(line).map((entry) => (entry === "" ? Number.NaN : Number(entry)));
      const isMissing = listEntries(line).map((entry) => entry === "" || entry === "NaN");
      const wrong = row.findIndex((value, c) => Number.isNaN(value) && !isMissing[c]);
      if (row.length !== names?.length || wrong >= 0) {
        throw new InputError(
          `ODT file: line ${i + 1}`,
          line,
          `${names?.length ?? "a header of columns, then"} numbers`,
        );
      }
      rows.push(row);
    }
  }
  if (!names) throw new InputError("ODT file", "without columns", 'a line "# Columns: …"');
  return {
    title,
    columns: columnsFromRows(
      names.map((name, c) => ({ name, unit: units?.[c] || "1" })),
      rows,
    ),
  };
}
