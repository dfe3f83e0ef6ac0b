/** Outlets of Eaton. Source: EATON-EPDU-MIB, EATON-EPDU-PU-SW-MIB, and what fence_eaton_snmp reads. */
import type { PduFamily, PduModel } from "./model.ts";

const MANAGED_TREE = "1.3.6.1.4.1.534.6.6.6.1.2.2.1";
const SWITCHED_TREE = "1.3.6.1.4.1.20677.2.6";
/** In the table of a switched ePDU: here is no outlet. */
const ABSENT = 0;

/** Counts its outlets from 0. */
const MANAGED: PduModel = {
  name: "Eaton managed ePDU",
  status: ({ outlet }) => `${MANAGED_TREE}.3.${outlet - 1}`,
  control: ({ outlet }) => `${MANAGED_TREE}.3.${outlet - 1}`,
  // 2: it is about to switch off and on.
  states: { on: 1, off: 0 },
  commands: { on: 1, off: 0 },
  table: `${MANAGED_TREE}.1`,
  outletOf(index) {
    const last = index.at(-1);
    return last === undefined ? undefined : { unit: 1, outlet: last + 1 };
  },
  rows: "number",
  hasUnits: false,
};

/** Its first control is for all outlets together: that of an outlet is one further. */
const SWITCHED: PduModel = {
  name: "Eaton switched ePDU",
  status: ({ outlet }) => `${SWITCHED_TREE}.3.${outlet}.0`,
  control: ({ outlet }) => `${SWITCHED_TREE}.2.${outlet + 1}.0`,
  states: { on: 1, off: 2 },
  commands: { on: 1, off: 2 },
  table: `${SWITCHED_TREE}.3`,
  outletOf([outlet], value) {
    return outlet === undefined || value === ABSENT ? undefined : { unit: 1, outlet };
  },
  rows: "number",
  hasUnits: false,
};

export const EATON_FAMILY: PduFamily = {
  about: "Eaton ePDU",
  models: {
    "1.3.6.1.4.1.534.6.6.6": [MANAGED],
    "1.3.6.1.4.1.20677.1": [SWITCHED],
    "1.3.6.1.4.1.20677.2": [SWITCHED],
  },
  otherwise: [],
};
