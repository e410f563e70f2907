/**
 * Plain multipliers to SI: `6 * nm`, `20 * mT`.  Spinstream takes and returns SI everywhere.
 */

/** Lengths [m]. */
export const nm = 1e-9;
export const um = 1e-6;
export const mm = 1e-3;
/** Times [s]. */
export const fs = 1e-15;
export const ps = 1e-12;
export const ns = 1e-9;
export const us = 1e-6;
/** Magnetic flux density [T]. */
export const mT = 1e-3;
export const T = 1;
/** Electrical [A], [V]. */
export const uA = 1e-6;
export const mA = 1e-3;
export const mV = 1e-3;
export const uV = 1e-6;
/** Frequency [Hz]. */
export const GHz = 1e9;
/** Angle [rad] per degree. */
export const deg = Math.PI / 180;
