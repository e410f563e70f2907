import { norm, type Vector3 } from "../algebra/vector.ts";
import { checkNumber, InputError, POSITIVE } from "../checks.ts";
import { type CompiledNetwork, type MappedDrive, type StackMap, stackMap } from "../circuit/index.ts";
import { MU0 } from "../constants.ts";
import { type BoundTerm, type ColumnTransport, course } from "../field/index.ts";
import { areaOf } from "../geometry/index.ts";
import { type FieldTerm, uniaxialAnisotropyField, zeemanField } from "../magnetism/continuum/index.ts";
import { isMagnetic, MAGNETIC_KEYS, type Magnetic, type MagneticParameters, type Warn } from "../materials/material.ts";
import type { Device, Layer } from "./description.ts";
import { constant, type Drive } from "./drive.ts";
import { type CircuitModel, lower } from "./lower.ts";
import { openMicromagnet } from "./magneticSimulation.ts";
import { directions, type FilmLayer, type Micromagnet, type MicromagnetOptions, micromagnet } from "./micromagnet.ts";

/** Cells are at most this share of the shortest exchange length. */
const CELLS_PER_EXCHANGE_LENGTH = 2 / 3;
/** Largest error of the maps of a stack, over the largest value of what they stand for. */
const MAP_TOLERANCE = 1e-9;
/** The same for what motion pumps, which is a small part of a torque. */
const PUMP_TOLERANCE = 1e-7;
/** A bias is mapped this much beyond the largest that is expected. */
const BEYOND = 1.02;

export interface FieldDepthOptions {
  /** Edges of a cell along x and y [m]; default two thirds of the exchange length √(2A/µ0Ms²) or a bit less. */
  readonly cell?: number | readonly [number, number];
  /** How magnets point at first, by the names of layers, in place of one direction: textures, or component planes. */
  readonly magnetizations?: Readonly<Record<string, MicromagnetOptions["magnetization"]>>;
}

/** A device at field depth: the stack that every column is, and the magnetization fields of the magnets that move. */
export interface FieldModel {
  readonly circuit: CircuitModel;
  /** The magnets that move, a plane of cells each, from bottom to top. */
  readonly micromagnet: Micromagnet;
  readonly planes: readonly string[];
  /** Field [T] of the magnets that are held, component planes; undefined without any. */
  readonly stray: Float64Array | undefined;
  readonly columns: Columns;
}

/** The stack of a column as a function of the direction of its one moving magnet. */
export interface Columns {
  readonly magnet: string;
  readonly map: StackMap;
  readonly transport: ColumnTransport;
  /** The network, or the one with a voltage in place of a current that the columns share. */
  readonly network: CompiledNetwork;
  readonly drives: readonly MappedDrive[];
}

/**
 * Lowers a description to the field depth: magnets that move become planes of cells, magnets that are held act by their stray field, and
 * each column of cells is the whole stack, solved exactly along z.  Spin does not diffuse from column to column.
 *
 * The layers beside a column share their contacts with all others: in the plane each column has the same field or current density; along z
 * the columns stand in parallel between the leads.
 */
export async function lowerToField(
  description: Device,
  drives: readonly Drive[],
  options: FieldDepthOptions & {
    readonly field: (time: number) => Vector3;
    readonly duration: number;
    readonly spinPumping: boolean;
  },
  warn: Warn,
): Promise<FieldModel> {
  const circuit = lower(description, drives, warn);
  const stack = stackOf(description);
  const free = stack.filter(({ layer }) => !layer.fixed);
  if (free.length === 0) throw new InputError("depth", "field", "a device with a magnet that is not fixed");
  const names = free.map(({ layer }) => layer.name);
  for (const name of Object.keys(options.magnetizations ?? {}))
    if (!names.includes(name))
      throw new InputError(`magnetizations.${name}`, "a texture", names.map((known) => `"${known}"`).join(", "));
  const made = micromagnet(meshOptions(description, free, stack, options, warn));
  const magnetization = initialPlanes(made, free, options);
  const held = stack.filter(({ layer }) => layer.fixed);
  return {
    circuit,
    micromagnet: { ...made, magnetization },
    planes: names,
    stray: held.length > 0 ? await strayField(description, stack, made) : undefined,
    columns: columnsOf(description, circuit, drives, names, options, warn),
  };
}

/** A magnet and where it lies [m]. */
interface Placed {
  readonly layer: Layer & { readonly material: Magnetic };
  readonly bottom: number;
}

function stackOf(description: Device): Placed[] {
  const layers = description.layers.filter((part): part is Layer => part.kind === "layer");
  let top = 0;
  return layers.flatMap((layer) => {
    const bottom = top;
    top += layer.thickness;
    return isMagnetic(layer.material) ? [{ layer: layer as Placed["layer"], bottom }] : [];
  });
}

const magneticNumbers = (material: Magnetic): MagneticParameters =>
  Object.fromEntries(
    MAGNETIC_KEYS.flatMap((key) => (material[key] === undefined ? [] : [[key, material[key]]])),
  ) as unknown as MagneticParameters;

function cellsOf({ shape }: Device, magnets: readonly Placed[], given: FieldDepthOptions["cell"]) {
  const wanted = typeof given === "number" ? [given, given] : given;
  const lengths = magnets.map(({ layer: { name, material } }) => {
    const { exchangeStiffness: A, saturationMagnetization: Ms } = material;
    if (A === undefined)
      throw new InputError(
        `layer "${name}": exchangeStiffness`,
        undefined,
        "a number in J/m, as neighbouring cells exchange",
      );
    return Math.sqrt((2 * A) / (MU0 * Ms ** 2));
  });
  const longest = CELLS_PER_EXCHANGE_LENGTH * Math.min(...lengths);
  const sides = [shape.width, shape.height];
  const counts = sides.map((side, axis) => {
    const edge = wanted?.[axis] ?? longest;
    checkNumber("cell", edge, { ...POSITIVE, max: side }, "m");
    // An edge that divides the side but for rounding does divide it.
    return Math.ceil((side / edge) * (1 - 1e-9));
  });
  return {
    counts: counts as [number, number],
    edges: sides.map((side, axis) => side / counts[axis]) as [number, number],
  };
}

function meshOptions(
  description: Device,
  free: readonly Placed[],
  all: readonly Placed[],
  options: FieldDepthOptions,
  warn: Warn,
): MicromagnetOptions {
  const { counts, edges } = cellsOf(description, free, options.cell);
  const layers = free.map((one, k): FilmLayer => {
    const { thickness, material } = one.layer;
    const below = free[k - 1];
    const between = below && spacerBetween(description, below, one);
    return {
      thickness,
      ...(below && { gap: one.bottom - below.bottom - below.layer.thickness }),
      ...(between?.coupling && { coupling: between.coupling }),
      material: magneticNumbers(material),
    };
  });
  return {
    cells: counts,
    cell: edges,
    layers,
    shape: description.shape,
    material: magneticNumbers(free[0].layer.material),
    magnetization: [0, 0, 1],
    terms: couplingsToHeld(description, free, all, counts[0] * counts[1]),
    onWarning: warn,
  };
}

/** The directions of all magnets that move, each given in its own way. */
function initialPlanes({ mesh, fill }: Micromagnet, free: readonly Placed[], options: FieldDepthOptions): Float64Array {
  const perPlane = mesh.grid.size[0] * mesh.grid.size[1];
  const planes = new Float64Array(3 * fill.length);
  for (const [k, { layer }] of free.entries()) {
    const { name, magnetization = [0, 0, 1] } = layer;
    const given = options.magnetizations?.[name] ?? magnetization;
    const own = fill.map((share, i) => (Math.floor(i / perPlane) === k ? share : 0));
    const all = directions(isOnePlane(given, perPlane) ? inPlane(given, k, perPlane, free.length) : given, mesh, own);
    for (let i = 0; i < planes.length; i++) planes[i] += all[i];
  }
  return planes;
}

const isOnePlane = (
  given: MicromagnetOptions["magnetization"],
  perPlane: number,
): given is Exclude<MicromagnetOptions["magnetization"], string | ((...all: never) => unknown)> =>
  typeof given === "object" && given.length === 3 * perPlane && given.length > 3;

/** Component planes of one plane of cells among others, where it is the k-th. */
function inPlane(given: ArrayLike<number>, k: number, perPlane: number, count: number): Float64Array {
  const planes = new Float64Array(3 * perPlane * count);
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < perPlane; i++) planes[(c * count + k) * perPlane + i] = given[c * perPlane + i];
  return planes;
}

/** The layer between two magnets, if it is one. */
function spacerBetween(description: Device, below: Placed, above: Placed): Layer | undefined {
  const layers = description.layers.filter((part): part is Layer => part.kind === "layer");
  const at = layers.indexOf(below.layer);
  return layers[at + 2] === above.layer ? layers[at + 1] : undefined;
}

/** Coupling across spacers of a magnet that moves to one that is held, −J1 m₁·m₂ − J2 (m₁·m₂)² per area, in the cells of the one that moves. */
function couplingsToHeld(
  description: Device,
  free: readonly Placed[],
  all: readonly Placed[],
  perPlane: number,
): BoundTerm[] {
  const cells = perPlane * free.length;
  return free.flatMap((one, k) =>
    all.flatMap((fixed) => {
      if (free.includes(fixed)) return [];
      const [below, above] = fixed.bottom < one.bottom ? [fixed, one] : [one, fixed];
      const { coupling } = spacerBetween(description, below, above) ?? {};
      if (!coupling) return [];
      const { J1, J2 = 0 } = coupling;
      const p = fixed.layer.magnetization ?? ([0, 0, 1] as const);
      const { thickness, material } = one.layer;
      const inOwn = (values: readonly number[]): Float64Array =>
        Float64Array.from({ length: values.length * cells }, (_, i) =>
          Math.floor((i % cells) / perPlane) === k ? values[Math.floor(i / cells)] : 0,
        );
      const bound = (term: unknown, given: BoundTerm["given"]): BoundTerm => ({ term: term as FieldTerm, given });
      const name = `coupling of "${one.layer.name}" to "${fixed.layer.name}"`;
      const B = J1 / (material.saturationMagnetization * thickness);
      return [
        bound({ ...zeemanField, name, symbol: `J1_${k}` }, { B: inOwn(p.map((c) => B * c)) }),
        ...(J2 === 0
          ? []
          : [
              bound(
                { ...uniaxialAnisotropyField, name: `biquadratic ${name}`, symbol: `J2_${k}` },
                { K1: inOwn([J2 / thickness]), K2: 0, u: [...p] },
              ),
            ]),
      ];
    }),
  );
}

/** Field of the held magnets at the cells of those that move [T]. */
async function strayField(description: Device, all: readonly Placed[], moving: Micromagnet): Promise<Float64Array> {
  const [nx, ny] = moving.mesh.grid.size;
  const perPlane = nx * ny;
  const heldPlanes = all.map(({ layer }) => layer.fixed === true);
  const fields = [];
  // The fields of those that move cancel in the mean over both of their directions.
  for (const sign of [1, -1]) {
    const planes = new Float64Array(3 * perPlane * all.length);
    for (const [k, { layer }] of all.entries()) {
      const m = heldPlanes[k] ? (layer.magnetization ?? ([0, 0, 1] as const)) : [0, 0, sign];
      for (let c = 0; c < 3; c++)
        planes.fill(m[c], (c * all.length + k) * perPlane, (c * all.length + k + 1) * perPlane);
    }
    const whole = micromagnet({
      cells: [nx, ny],
      cell: [moving.mesh.grid.cell[0], moving.mesh.grid.cell[1]],
      layers: all.map(({ layer, bottom }, k) => ({
        thickness: layer.thickness,
        ...(k > 0 && { gap: bottom - all[k - 1].bottom - all[k - 1].layer.thickness }),
        material: {
          saturationMagnetization: layer.material.saturationMagnetization,
          damping: layer.material.damping,
        },
      })),
      shape: description.shape,
      material: { saturationMagnetization: 1, damping: 0 },
      magnetization: planes,
    });
    const simulation = await openMicromagnet(whole, { precision: "f64" });
    try {
      fields.push(await simulation.effectiveField("demagnetization"));
    } finally {
      await simulation.close();
    }
  }
  const free = heldPlanes.flatMap((held, k) => (held ? [] : [k]));
  const stray = new Float64Array(3 * perPlane * free.length);
  for (let c = 0; c < 3; c++)
    for (const [k, plane] of free.entries())
      for (let i = 0; i < perPlane; i++) {
        const at = (c * all.length + plane) * perPlane + i;
        stray[(c * free.length + k) * perPlane + i] = (fields[0][at] + fields[1][at]) / 2;
      }
  return stray;
}

function columnsOf(
  description: Device,
  circuit: CircuitModel,
  drives: readonly Drive[],
  planes: readonly string[],
  options: Parameters<typeof lowerToField>[2],
  warn: Warn,
): Columns {
  const network = circuit.network.compile();
  const touched = planes.filter((name) => network.magnets.includes(name));
  if (touched.length !== 1)
    throw new InputError(
      'magnets that move at depth "field"',
      touched.map((name) => `"${name}"`).join(", ") || "none that carries or takes up a spin current",
      "exactly one that currents of the stack reach; the others fixed, or behind an insulator",
    );
  const [magnet] = touched;
  const others = circuit.magnets.flatMap(({ name }, i) =>
    name === magnet || !network.magnets.includes(name) ? [] : [{ name, direction: circuit.initial[i] }],
  );
  const biased = network.placed.find(({ element }) => element.biasedBetween);
  if (biased && drives.length > 1)
    throw new InputError(
      "current",
      `${drives.length} drives`,
      'one at depth "field"',
      `The barrier "${biased.element.name}" depends on its bias`,
    );
  const { field, duration } = options;
  network.field = field(0);
  if (feelsChange(network, field, duration))
    warn("field: spins inside the layers precess in the field as it is at the start, not as it changes");
  const peaks = drives.map((drive) => (biased ? peakOf(drive, duration) : 1));
  const through = drives.findIndex(({ along, voltage }) => along === "z" && voltage === undefined);
  const own: MappedDrive[] = circuit.sources.map(({ name, amplitude, contacts }, d) => ({
    name,
    peak: amplitude * peaks[d],
    contacts,
  }));
  const shared = through < 0 ? undefined : parallel(description, drives, through, network, own, magnet, others);
  const mapped = shared?.drives ?? own;
  const map = stackMap({
    network,
    magnet,
    others,
    drives: mapped,
    ...(shared && { shared: { network: shared.network, drive: through } }),
    pumping: options.spinPumping,
    tolerance: MAP_TOLERANCE,
    pumpTolerance: PUMP_TOLERANCE,
  });
  const worst = Math.max(map.rest.error, map.pumped?.error ?? 0);
  if (worst > 10 * PUMP_TOLERANCE)
    warn(`the torque changes so sharply with direction that its series is off by up to ${worst.toExponential(1)}`);
  const transport: ColumnTransport = {
    plane: planes.indexOf(magnet),
    area: areaOf(description.shape),
    rest: map.rest,
    pumped: map.pumped,
    absorbed: map.absorbed,
    counted: [map.absorbed, map.injected, map.relaxed, ...map.others.map(({ absorbed }) => absorbed)],
    drives: drives.map((drive, d) => course((t) => drive.factor(t) / peaks[d], drive.kinks)),
    ...(shared && {
      shared: {
        drive: through,
        channel: map.currents[through],
        current: course((t) => circuit.sources[through].amplitude * drives[through].factor(t), drives[through].kinks),
      },
    }),
  };
  return { magnet, map, transport, network: shared?.network ?? network, drives: mapped };
}

/** The network with a voltage in place of a current through the stack, and how large it may become. */
function parallel(
  description: Device,
  drives: readonly Drive[],
  through: number,
  network: CompiledNetwork,
  own: readonly MappedDrive[],
  magnet: string,
  others: readonly { readonly name: string; readonly direction: Vector3 }[],
) {
  const asVoltage = drives.map((drive, d) =>
    d === through
      ? { ...drive, ...constant({ along: "z", voltage: 1 }), density: undefined, current: undefined }
      : drive,
  );
  // The same warnings have been given for the network with the current.
  const twin = lower(description, asVoltage as Drive[], () => {}).network.compile();
  twin.field = network.field;
  const { name, peak, contacts } = own[through];
  let largest = 0;
  for (const direction of DIRECTIONS)
    for (const sign of peak === 0 ? [] : [1, -1]) {
      const solution = network.solve({
        magnetizations: Object.fromEntries([
          [magnet, direction],
          ...others.map((other) => [other.name, other.direction] as const),
        ]),
        field: network.field,
        drives: { [name]: sign * peak },
      });
      largest = Math.max(largest, Math.abs(solution.voltage(contacts[0]) - solution.voltage(contacts[1])));
    }
  // A current that is never there leaves the voltage at zero, of whatever scale.
  const scale = largest > 0 ? BEYOND * largest : 1;
  return { network: twin, drives: own.map((one, d) => (d === through ? { ...one, peak: scale } : one)) };
}

/** Directions along axes, faces and corners of a cube. */
const DIRECTIONS: readonly Vector3[] = [-1, 0, 1].flatMap((x) =>
  [-1, 0, 1].flatMap((y) =>
    [-1, 0, 1].flatMap((z): Vector3[] => {
      const length = norm([x, y, z]);
      return length === 0 ? [] : [[x / length, y / length, z / length]];
    }),
  ),
);

/** Instants at which waveforms and fields are looked at. */
const LOOKS = 2000;

function peakOf({ factor, kinks }: Drive, duration: number): number {
  const times = [...Array.from({ length: LOOKS + 1 }, (_, i) => (duration * i) / LOOKS), ...kinks];
  return Math.max(...times.map((t) => Math.abs(factor(t)))) || 1;
}

/** Whether the layers see a field that changes. */
function feelsChange(network: CompiledNetwork, field: (time: number) => Vector3, duration: number): boolean {
  if (!network.placed.some(({ element }) => element.dependsOn.field)) return false;
  const first = field(0);
  return Array.from({ length: 20 }, (_, i) => field((duration * (i + 1)) / 20)).some((later) =>
    later.some((c, a) => c !== first[a]),
  );
}
