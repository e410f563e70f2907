/**
 * VTK's XML format for regular meshes (.vti) and collections of them in time (.pvd), as ParaView reads them: "VTK XML Formats" in the VTK
 * documentation.  Numbers follow the text as they are in memory, little-endian, each array behind the count of its bytes.
 */
import { checkNumber, InputError } from "../checks.ts";
import { cellCount, checkMeshField, type MeshField } from "./meshField.ts";
import { escapeXml } from "./plotText.ts";
import { exactNumber } from "./table.ts";

/**
 * Fields of one mesh as one file of cell data, of the first time that is given.
 * @param fields each under its title; all on the same mesh
 */
export function writeVti(fields: readonly MeshField[]): Uint8Array<ArrayBuffer> {
  if (fields.length === 0) throw new InputError("VTK file: fields", [], "at least one field");
  const [first] = fields;
  const titles = new Set<string>();
  for (const field of fields) {
    checkMeshField(field);
    for (const key of ["size", "cell", "origin"] as const)
      if (field[key].some((value, axis) => value !== first[key][axis]))
        throw new InputError(
          `VTK file: field "${field.title}": ${key}`,
          field[key],
          `${first[key]}, as in "${first.title}"`,
        );
    if (titles.has(field.title))
      throw new InputError("VTK file: title", field.title, "a title of its own for every field");
    titles.add(field.title);
  }
  const { size, cell, origin } = first;
  let offset = 0;
  const arrays = fields.map((field) => {
    const tag = arrayTag(field, offset);
    offset += 8 + field.values.byteLength;
    return tag;
  });
  const extent = size.map((n) => `0 ${n}`).join(" ");
  const corner = origin.map((x, axis) => exactNumber(x - cell[axis] / 2)).join(" ");
  const time = fields.find((field) => field.time !== undefined)?.time;
  const when =
    time === undefined
      ? ""
      : `<FieldData><DataArray type="Float64" Name="TimeValue" NumberOfTuples="1" format="ascii">${exactNumber(time)}</DataArray></FieldData>\n`;
  const head = new TextEncoder().encode(
    `<?xml version="1.0"?>
<VTKFile type="ImageData" version="1.0" byte_order="LittleEndian" header_type="UInt64">
<ImageData WholeExtent="${extent}" Origin="${corner}" Spacing="${cell.map(exactNumber).join(" ")}">
${when}<Piece Extent="${extent}">
<CellData>
${arrays.join("\n")}
</CellData>
</Piece>
</ImageData>
<AppendedData encoding="raw">
_`,
  );
  const tail = new TextEncoder().encode("\n</AppendedData>\n</VTKFile>\n");
  const whole = new Uint8Array(head.length + offset + tail.length);
  whole.set(head);
  let at = head.length;
  for (const field of fields) {
    const { values, components } = field;
    const view = new DataView(whole.buffer, at, 8 + values.byteLength);
    view.setBigUint64(0, BigInt(values.byteLength), true);
    const cells = cellCount(field);
    const width = values.BYTES_PER_ELEMENT;
    for (let i = 0; i < cells; i++)
      for (let c = 0; c < components; c++) {
        const place = 8 + width * (i * components + c);
        if (width === 4) view.setFloat32(place, values[c * cells + i], true);
        else view.setFloat64(place, values[c * cells + i], true);
      }
    at += 8 + values.byteLength;
  }
  whole.set(tail, at);
  return whole;
}

/** Files of one series as ParaView opens them at once.  @param files paths as seen from the collection, with their times [s] */
export function writePvd(files: readonly { readonly time: number; readonly file: string }[]): string {
  const entries = files.map(({ time, file }) => {
    checkNumber(`VTK collection: time of ${file}`, time, {}, "s");
    return `<DataSet timestep="${exactNumber(time)}" part="0" file="${escapeXml(file)}"/>`;
  });
  return `<?xml version="1.0"?>
<VTKFile type="Collection" version="1.0" byte_order="LittleEndian">
<Collection>
${entries.join("\n")}
</Collection>
</VTKFile>
`;
}

function arrayTag({ title, values, components, labels, units }: MeshField, offset: number): string {
  const type = values.BYTES_PER_ELEMENT === 4 ? "Float32" : "Float64";
  const names = labels.map((label, c) => ` ComponentName${c}="${escapeXml(label)}"`).join("");
  const tag = `<DataArray type="${type}" Name="${escapeXml(title)}" NumberOfComponents="${components}"${names} format="appended" offset="${offset}"`;
  // VTK knows one unit for an array.
  return new Set(units).size > 1 || units[0] === "1"
    ? `${tag}/>`
    : `${tag}><InformationKey name="UNITS_LABEL" location="vtkDataArray">${escapeXml(units[0])}</InformationKey></DataArray>`;
}
