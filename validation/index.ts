import type { ValidationCase } from "./case.ts";
import { depths } from "./depths.ts";
import { edelstein } from "./edelstein.ts";
import { heat } from "./heat.ts";
import { invariants } from "./invariants.ts";
import { micromagnetics } from "./micromagnetics.ts";
import { nonLocal } from "./nonLocal.ts";
import { parities } from "./parities.ts";
import { procedures } from "./procedures.ts";
import { relaxation } from "./relaxation.ts";
import { resonance } from "./resonance.ts";
import { signs } from "./signs.ts";
import { spinHall } from "./spinHall.ts";
import { standardProblem1 } from "./standardProblem1.ts";
import { switching } from "./switching.ts";
import { thermal } from "./thermal.ts";
import { traps } from "./traps.ts";
import { twoCurrents } from "./twoCurrents.ts";
import { wholeLaw } from "./wholeLaw.ts";

export { type Outcome, type Report, type ValidationCase, validate } from "./case.ts";
export { butlerWriteError, perpendicularAnisotropyField, spinOrbitCriticalDensity } from "./closedForms.ts";
export { STANDARD_PROBLEM_4_FIELD_1, STANDARD_PROBLEM_4_FIELD_2 } from "./standardProblem4.ts";

/** Every case, in the order of the physics. */
export const cases: readonly ValidationCase[] = [
  ...signs,
  ...twoCurrents,
  ...nonLocal,
  ...spinHall,
  ...switching,
  ...resonance,
  ...procedures,
  ...edelstein,
  ...thermal,
  ...heat,
  ...relaxation,
  ...invariants,
  ...wholeLaw,
  ...parities,
  ...traps,
  ...micromagnetics,
  ...standardProblem1,
  ...depths,
];
