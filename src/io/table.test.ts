import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../checks.ts";
import { device, layer, pulse, QUANTITIES, simulate } from "../device/index.ts";
import { ellipse } from "../geometry/index.ts";
import { materials } from "../materials/index.ts";
import { readCsv, readOdt, type Table, tableOf, writeCsv, writeOdt } from "./index.ts";

/** Every f64: subnormal, the largest, −0, infinities and NaN. */
const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(-0, 5e-324, Number.MAX_VALUE, Number.MIN_VALUE, 0.1 + 0.2, Number.EPSILON, 1 / 3),
);
const text = (forbidden: RegExp) =>
  fc.string({ minLength: 1, maxLength: 20, unit: "grapheme" }).filter((s) => s.trim() === s && !forbidden.test(s));
const unit = fc.constantFrom("1", "s", "A/m²", "Ω m²", "J/m³", "m²/s", "(kg m)/s");

const tableWith = (name: fc.Arbitrary<string>): fc.Arbitrary<Table> =>
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 8 })).chain(([width, height]) =>
    fc.record({
      title: text(/[\r\n\\]/u),
      columns: fc.array(
        fc.record({ name, unit, doc: name, values: fc.array(anyNumber, { minLength: height, maxLength: height }) }),
        { minLength: width, maxLength: width },
      ),
    }),
  );

const content = ({ columns }: Table) =>
  columns.map(({ name, unit, values }) => ({ name, unit, values: [...Array.from(values)] }));

describe("tables in files", () => {
  it("come back from ODT with the same names, units and bits", () => {
    fc.assert(
      fc.property(tableWith(text(/[\r\n{}\\]/u)), (table) => {
        const back = readOdt(writeOdt(table));
        expect(back.title).toBe(table.title);
        expect(content(back)).toStrictEqual(content(table));
      }),
    );
  });

  it("come back from CSV with the same names, units and bits", () => {
    fc.assert(
      fc.property(tableWith(text(/[\r\n]/u)), (table) => {
        expect(content(readCsv(writeCsv(table)))).toStrictEqual(content(table));
      }),
    );
  });

  it("are read as the sample of OOMMF's manual has them: quotes, braces, comments, joined lines, missing values", () => {
    const sample = [
      "# ODT 1.0",
      "# Table Start",
      "# Title: This is a small sample ODT file.",
      "#",
      "## a comment",
      '# Columns: Iteration "Applied Field" \\',
      "#   {Total Energy} Mx",
      '# Units: {} "mT" "J/m^3" "A/m"',
      " 103 50 0.00636 787840",
      " 10300 -5000 {} -800e3",
      "# Table End",
      " 1 2",
    ].join("\n");
    expect(content(readOdt(sample))).toStrictEqual([
      { name: "Iteration", unit: "1", values: [103, 10300] },
      { name: "Applied Field", unit: "mT", values: [50, -5000] },
      { name: "Total Energy", unit: "J/m^3", values: [0.00636, Number.NaN] },
      { name: "Mx", unit: "A/m", values: [787840, -800e3] },
    ]);
  });

  it("are refused when columns differ in length, and when a row is short", () => {
    const column = (values: number[]) => ({ name: "a", unit: "1", values });
    expect(() => writeCsv({ title: "t", columns: [column([1]), column([1, 2])] })).toThrow(InputError);
    expect(() => writeOdt({ title: "t", columns: [] })).toThrow(InputError);
    expect(() => readCsv("a (s),b (1)\n1,2\n3\n")).toThrow(/line 3/);
    expect(() => readOdt("# ODT 1.0\n# Columns: a b\n1 x\n")).toThrow(/line 3/);
  });
});

describe("the table of a run", () => {
  it("has every column that QUANTITIES declares, with its unit and meaning", async () => {
    const layers = [layer(materials.Pt, 5e-9), layer(materials.Co, 1e-9, { name: "free", magnetization: "+x" })];
    const result = await simulate(device({ shape: ellipse(80e-9), layers }), {
      depth: "circuit",
      duration: 20e-12,
      current: pulse({ density: 1e11, along: "x", duration: 10e-12 }),
    });
    const { columns } = tableOf(result);
    const declared = QUANTITIES.flatMap(({ unit, doc, columns }) =>
      columns(result.model).map(({ name }) => ({ name, unit, doc })),
    );
    expect(columns.map(({ name, unit, doc }) => ({ name, unit, doc }))).toStrictEqual(declared);
    expect(readOdt(writeOdt(tableOf(result))).columns[0].values).toStrictEqual(result.times);
  });
});
