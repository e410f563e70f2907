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
export { interlayer } from "./interlayer.ts";
export {
  slonczewskiTorque,
  spinOrbitTorque,
  type TorqueInputs,
  type TorqueTerm,
  torqueTerm,
  zhangLiTorque,
} from "./torques.ts";
