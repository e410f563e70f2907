export { cubicAnisotropyField, magnetoelastic, uniaxialAnisotropyField } from "./anisotropy.ts";
export { demagnetizingField, modulatedField, zeemanField } from "./applied.ts";
export { anisotropicDMI, bulkDMI, interfacialDMI } from "./dzyaloshinskii.ts";
export { exchange } from "./exchange.ts";
export {
  type CellInputs,
  type FieldTerm,
  fieldTerm,
  type Parameters,
  type Place,
  type TermInputs,
} from "./fieldTerm.ts";
export { slonczewski, spinOrbit, type TorqueInputs, type TorqueTerm, torqueTerm, zhangLi } from "./torques.ts";
