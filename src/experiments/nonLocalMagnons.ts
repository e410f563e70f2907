import type { Vector3 } from "../algebra/vector.ts";
import { checkKeys, checkNumber, InputError, POSITIVE } from "../checks.ts";
import {
  type CompiledNetwork,
  contact,
  currentSource,
  film,
  ground,
  heatBath,
  magnonContact,
  magnonFilm,
  Network,
  thermalContact,
} from "../circuit/index.ts";
import type { InterfaceParameters, MagneticInsulator, NormalMetal, Warn } from "../materials/material.ts";
import { type Fit, fitCurve } from "./fit.ts";
import { lockIn } from "./lockIn.ts";
import { column, type Measurement } from "./measurement.ts";

/** Two metal strips along y on a film of a magnetic insulator, a distance apart along x. */
export interface MagnonTransportGeometry {
  readonly film: MagneticInsulator;
  /** [m] */
  readonly filmThickness: number;
  readonly strip: NormalMetal;
  readonly stripThickness: number;
  readonly stripWidth: number;
  readonly stripLength: number;
  readonly contact: InterfaceParameters;
  /** Heat from film to substrate per area and kelvin [W/(m² K)]; the substrate is at T₀. */
  readonly substrateConductance: number;
}

export interface NonLocalMagnonOptions {
  /** Centre-to-centre distances of injector and detector [m]. */
  readonly distances: readonly number[];
  /** Amplitude of the current in the injector [A]. */
  readonly current: number;
  /**
   * What is fitted to the signal at ω: "exponential", R₀ exp(−d/λ), for strips that hardly take up magnons; "absorbing", R₀/2 sinh(d/λ), for
   * strips that take all that come, as experimenters do (Cornelissen et al., Nat. Phys. 11, 1022 (2015)).  Default "exponential".
   */
  readonly model?: "exponential" | "absorbing";
  /** Direction of m in the plane, from x towards y [rad]; default 0: across the strips, where the signals are largest. */
  readonly angle?: number;
  readonly onWarning?: Warn;
}

export interface NonLocalMagnons extends Measurement<"distance" | "first" | "second"> {
  /** The model at ω; undefined for fewer than three distances. */
  readonly decay: Fit<"resistance" | "length"> | undefined;
}

/** Longest piece of film between two nodes, as a share of λ_m and of the length over which heat leaves to the substrate. */
const PIECE = 0.2;
/** Film beyond either strip, in the longer of the two lengths. */
const BEYOND = 6;

/**
 * Non-local magnon transport: an alternating current in one strip, the voltage along the other at ω, carried by the spin that the
 * spin Hall effect injects, and at 2ω, carried by heat.
 *
 * The film is a line along x: its thickness is to be small against λ_m.  Magnons and heat flow in it from node to node and heat
 * leaves to the substrate at every node.
 */
export function nonLocalMagnons(geometry: MagnonTransportGeometry, options: NonLocalMagnonOptions): NonLocalMagnons {
  checkGeometry(geometry);
  checkKeys("nonLocalMagnons", options, ["distances", "current", "model", "angle", "onWarning"]);
  const { distances, current, model = "exponential", angle = 0, onWarning = console.warn } = options;
  if (model !== "exponential" && model !== "absorbing") {
    throw new InputError("model", model, '"exponential" or "absorbing"');
  }
  const shape = (x: number): number => (model === "exponential" ? Math.exp(-x) : 1 / (2 * Math.sinh(x)));
  checkNumber("angle", angle, {}, "rad");
  checkNumber("current", current, POSITIVE, "A");
  for (const [i, d] of distances.entries()) {
    checkNumber(`distances[${i}]`, d, { min: geometry.stripWidth, open: "min" }, "m");
  }
  const m: Vector3 = [Math.cos(angle), Math.sin(angle), 0];
  const readings = distances.map((distance) => {
    const network = transportLine(geometry, distance, onWarning);
    return lockIn(current, (drive) => {
      const solution = network.solve({ magnetizations: { film: m }, drives: { injector: drive } });
      return [solution.voltage("detector-") - solution.voltage("detector+")];
    })[0];
  });
  const first = readings.map((reading) => reading.first / current);
  const second = readings.map((reading) => reading.second / current ** 2);
  const decay =
    distances.length < 3
      ? undefined
      : fitCurve({
          what: "non-local magnon signal against distance",
          x: distances,
          y: first,
          // The far points count as much as the near ones, as on a logarithmic axis.
          uncertainty: first.map((value) => Math.abs(value) * 0.01),
          parameters: {
            resistance: { start: first[0], unit: "Ω" },
            length: { start: geometry.film.magnonDiffusionLength as number, unit: "m" },
          },
          model: (d, { resistance, length }) => resistance * shape(d / length),
        });
  const absolute = (values: readonly number[]): number[] => values.map(Math.abs);
  return {
    title: "non-local magnon transport",
    decay,
    data: {
      distance: column("distance", "m", distances),
      first: column("non-local resistance at ω", "Ω", first),
      second: column("non-local voltage at 2ω per squared current", "V/A²", second),
    },
    figure: {
      title: "Magnons carry a signal between two strips",
      x: { label: "distance", unit: "m" },
      y: { label: "|R| at ω", unit: "Ω", scale: "log" },
      series: [
        { label: "network", x: distances, y: absolute(first), points: true },
        ...(decay
          ? [
              {
                label: `fit: λ = ${(decay.parameters.length.value * 1e6).toFixed(1)} µm`,
                like: "network",
                x: distances,
                y: absolute(distances.map((d) => decay.at(d))),
              },
            ]
          : []),
      ],
    },
  };
}

function checkGeometry(geometry: MagnonTransportGeometry): void {
  const lengths = ["filmThickness", "stripThickness", "stripWidth", "stripLength"] as const;
  checkKeys("geometry", geometry, [...lengths, "film", "strip", "contact", "substrateConductance"]);
  for (const key of lengths) checkNumber(`geometry: ${key}`, geometry[key], POSITIVE, "m");
  checkNumber("geometry: substrateConductance", geometry.substrateConductance, POSITIVE, "W/(m² K)");
  for (const key of ["magnonConductivity", "magnonDiffusionLength", "thermalConductivity"] as const) {
    if (geometry.film[key] === undefined)
      throw new InputError(`geometry: film: ${key}`, undefined, "a number, as magnons and heat flow in the film");
  }
  if (geometry.strip.spinHallAngle === undefined)
    throw new InputError("geometry: strip: spinHallAngle", undefined, "a number: the strips inject and detect by it");
}

function transportLine(geometry: MagnonTransportGeometry, distance: number, warn: Warn): CompiledNetwork {
  const { film: garnet, filmThickness, stripLength, substrateConductance } = geometry;
  const spread = Math.sqrt(((garnet.thermalConductivity as number) * filmThickness) / substrateConductance);
  const lengths = [garnet.magnonDiffusionLength as number, spread];
  const beyond = BEYOND * Math.max(...lengths);
  const piece = PIECE * Math.min(...lengths);
  const network = new Network();
  let nodes = 0;
  const section = filmThickness * stripLength;
  network.add(heatBath({ at: "substrate" }));
  const sinks = [0];
  /** A stretch of film from the last node to a new one, in pieces. */
  const stretch = (length: number): void => {
    const count = Math.max(1, Math.ceil(length / piece));
    for (let i = 0; i < count; i++) {
      const between = [`film ${nodes}`, `film ${nodes + 1}`] as const;
      const thickness = length / count;
      network.add(
        magnonFilm({ name: `film ${nodes}`, between, material: garnet, thickness, area: section, magnet: "film" }),
      );
      // Half of the heat of a piece leaves at either end.
      const loss = (substrateConductance * thickness * stripLength) / 2;
      sinks[nodes] += loss;
      sinks.push(loss);
      nodes++;
    }
  };
  stretch(beyond);
  addStrip(network, geometry, "injector", `film ${nodes}`, warn);
  stretch(distance);
  addStrip(network, geometry, "detector", `film ${nodes}`, warn);
  stretch(beyond);
  for (const [i, conductance] of sinks.entries()) {
    network.add(thermalContact({ name: `sink ${i}`, between: [`film ${i}`, "substrate"], conductance }));
  }
  network.add(currentSource({ name: "injector", between: ["injector-", "injector+"], current: 0 }));
  return network.compile();
}

function addStrip(network: Network, geometry: MagnonTransportGeometry, name: string, at: string, warn: Warn): void {
  const { strip, stripThickness, stripWidth, stripLength, contact: parameters } = geometry;
  const area = stripWidth * stripLength;
  const { kapitzaConductance, ...rest } = parameters;
  const face = `${name}.face`;
  network.add(
    film({
      name: `${name} strip`,
      between: [face, `${name}.top`],
      material: strip,
      thickness: stripThickness,
      area,
      heat: true,
      sides: { y: { between: [`${name}-`, `${name}+`], length: stripLength } },
    }),
    contact({ name: `${name} contact`, metalSide: face, magnet: "film", area, parameters: rest, warn }),
    magnonContact({ name: `${name} magnons`, magnonSide: at, metalSide: face, magnet: "film", area, parameters }),
    ground(`${name}.top`),
    ground(`${name}+`),
  );
  if (kapitzaConductance === undefined) {
    throw new InputError(
      "geometry: contact: kapitzaConductance",
      undefined,
      "a number: the heat of the strip passes it",
    );
  }
  network.add(thermalContact({ name: `${name} heat`, between: [at, face], conductance: kapitzaConductance * area }));
}
