/** Rows as text in columns that line up, numbers to the right.  @param right indices of columns set to the right */
export function textTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = rows[0].map((_, c) => Math.max(...rows.map((row) => [...(row[c] ?? "")].length)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => {
          const gap = " ".repeat(widths[c] - [...cell].length);
          return right.includes(c) ? gap + cell : cell + gap;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
