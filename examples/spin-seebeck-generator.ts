/**
 * Waste heat in, watts out: a YIG film under platinum turns heat into spin, spin into charge, charge into power.
 *
 * Every number is the library's: magnons by Cornelissen et al., PRB 94, 014412 (2016), the surface by Xiao et al., PRB 81, 214418
 * (2010), platinum by Althammer et al., PRB 87, 224401 (2013).  Nothing is adjusted to a measured voltage.  Measured longitudinal spin
 * Seebeck coefficients of YIG|Pt at room temperature spread from 0.1 to 1 µV/K between samples and laboratories (from memory of the
 * round robin by Sola et al., IEEE Trans. Instrum. Meas. 68, 1765 (2019), and of Uchida et al., Proc. IEEE 104, 1946 (2016)); the band
 * in the figure is that.
 */
import {
  device,
  layer,
  materials,
  nm,
  rectangle,
  type Session,
  spinSeebeck,
  spinSeebeckGenerator,
  spinSeebeckVersusThickness,
  um,
} from "spinstream";

const substrate = 500 * um;
const heat = { below: 310, above: 300 };
const centimetre = 1e-2;

const converter = (garnet: number, platinum = 5 * nm) =>
  device({
    shape: rectangle(centimetre, centimetre),
    layers: [
      layer(materials.GGG, substrate),
      layer(materials.YIG, garnet, { name: "YIG", magnetization: "+y" }),
      layer(materials.Pt, platinum),
    ],
  });

export default async function spinSeebeckGeneratorExample(session: Session): Promise<void> {
  const thicknesses = [0.1, 0.3, 1, 2, 4, 7, 12, 20, 35, 60].map((t) => t * um);
  const series = spinSeebeckVersusThickness(converter, { thicknesses, heat });
  await session.measurement("voltage-against-thickness", series);
  const xi = series.saturation?.parameters.length;
  session.log(`The customary fit 1 − exp(−t/ξ) reads ξ = ${((xi?.value ?? 0) / um).toFixed(1)} µm; λ_m is 9.4 µm.`);

  // What laboratories quote: field per temperature gradient of the whole sample.
  const coefficient = (t: number): number => {
    const { voltage, temperatureDifference } = spinSeebeck(converter(t), { heat });
    return voltage / centimetre / (temperatureDifference / (substrate + t));
  };
  const garnet = 50 * um;
  session.log(`E/∇T = ${(coefficient(garnet) * 1e6).toFixed(2)} µV/K for 50 µm of YIG; measured: 0.1 to 1 µV/K.`);

  const generator = spinSeebeckGenerator(converter(garnet), { heat });
  await session.measurement("power-against-load", generator);
  const { best, reading, powerPerArea } = generator;
  session.log(
    `${(powerPerArea * 1e9).toPrecision(3)} nW/m² into a load of ${(best.load / reading.resistance).toFixed(2)} R, ` +
      `${best.efficiency.toExponential(1)} of the heat, at a difference of 10 K.`,
  );

  const metals = [1, 1.5, 2, 3, 4, 6, 9, 14, 20].map((t) => t * nm);
  const powers = metals.map((t) => spinSeebeckGenerator(converter(garnet, t), { heat, loads: [1] }).powerPerArea);
  await session.figure("spin-seebeck-generator", {
    title: "A spin Seebeck generator: YIG|Pt at a temperature difference of 10 K",
    subtitle: "GGG 0.5 mm | YIG | Pt, 1 cm², numbers of the library, none adjusted",
    panels: [
      {
        title: "Thicker garnet, more voltage",
        x: { label: "thickness of YIG", unit: "m", scale: "log" },
        y: { label: "E/∇T", unit: "V/K", scale: "log" },
        bands: [{ from: 1e-7, to: 1e-6, axis: "y", label: "measured, spread of laboratories" }],
        series: [{ label: "network", x: thicknesses, y: thicknesses.map(coefficient) }],
      },
      {
        title: "The most power into a matched load",
        x: { label: "load", unit: "Ω", scale: "log" },
        y: { label: "power", unit: "W" },
        series: [{ label: "network", x: generator.data.load.values, y: generator.data.power.values }],
        rules: [{ x: reading.resistance, label: "resistance of the film" }],
      },
      {
        title: "The best platinum is about two λ thick",
        x: { label: "thickness of Pt", unit: "m" },
        y: { label: "power per area, matched", unit: "W/m²" },
        series: [{ label: "network", x: metals, y: powers }],
      },
      {
        title: "The customary fit reads no λ_m",
        x: { label: "thickness of YIG", unit: "m" },
        y: { label: "voltage", unit: "V" },
        series: [
          { label: "network", x: thicknesses, y: series.data.voltage.values, points: true },
          {
            label: "1 − exp(−t/ξ)",
            like: "network",
            x: thicknesses,
            y: thicknesses.map((t) => series.saturation?.at(t) ?? Number.NaN),
          },
        ],
      },
    ],
  });
}
