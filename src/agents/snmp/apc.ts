/** Outlets of APC and Tripp Lite. Source: PowerNet-MIB, TRIPPLITE MIBs, and what fence_apc_snmp reads. */
import { byLastNumber, type PduFamily, type PduModel } from "./model.ts";

const APC = "1.3.6.1.4.1.318.1.1";
const TRIPPLITE = "1.3.6.1.4.1.850";

const ON_1_OFF_2 = { on: 1, off: 2 } as const;
const ON_2_OFF_1 = { on: 2, off: 1 } as const;
const BASE = { rows: "text", hasUnits: false, outletOf: byLastNumber } as const;

/** AP79xx, and AP89xx in the older of their two trees. */
const RPDU: PduModel = {
  ...BASE,
  name: "APC rPDU",
  status: ({ outlet }) => `${APC}.12.3.5.1.1.4.${outlet}`,
  control: ({ outlet }) => `${APC}.12.3.3.1.1.4.${outlet}`,
  states: ON_1_OFF_2,
  commands: ON_1_OFF_2,
  table: `${APC}.12.3.5.1.1.2`,
};

/** AP8xxx. Its states are turned round against its commands: the easiest way to switch the wrong way. */
const RPDU2: PduModel = {
  ...BASE,
  name: "APC rPDU2",
  status: ({ outlet }) => `${APC}.26.9.2.3.1.5.${outlet}`,
  control: ({ outlet }) => `${APC}.26.9.2.4.1.5.${outlet}`,
  states: ON_2_OFF_1,
  commands: ON_1_OFF_2,
  table: `${APC}.26.9.2.3.1.3`,
};

/** A chain of switches; off at once is 3, because 2 is a reboot. */
const MASTER_SWITCH_PLUS: PduModel = {
  name: "APC MasterSwitch+",
  status: ({ unit, outlet }) => `${APC}.6.7.1.1.5.${unit}.1.${outlet}`,
  control: ({ unit, outlet }) => `${APC}.6.5.1.1.5.${unit}.1.${outlet}`,
  states: ON_1_OFF_2,
  commands: { on: 1, off: 3 },
  table: `${APC}.6.7.1.1.4`,
  outletOf(index) {
    const [unit, , outlet] = index;
    return unit === undefined || outlet === undefined ? undefined : { unit, outlet };
  },
  rows: "text",
  hasUnits: true,
};

const MASTER_SWITCH: PduModel = {
  ...BASE,
  name: "APC MasterSwitch",
  status: ({ outlet }) => `${APC}.4.4.2.1.3.${outlet}`,
  control: ({ outlet }) => `${APC}.4.4.2.1.3.${outlet}`,
  states: ON_1_OFF_2,
  commands: ON_1_OFF_2,
  table: `${APC}.4.4.2.1.4`,
};

/** Firmware 6: the states of one tree, the commands of another. */
const FIRMWARE_6: PduModel = {
  ...MASTER_SWITCH,
  name: "APC with firmware 6",
  control: RPDU.control,
};

const TRIPP_LITE: PduModel = {
  ...BASE,
  name: "Tripp Lite",
  status: ({ outlet }) => `${TRIPPLITE}.10.2.3.5.1.2.1.${outlet}`,
  control: ({ outlet }) => `${TRIPPLITE}.10.2.3.5.1.4.1.${outlet}`,
  states: ON_2_OFF_1,
  commands: ON_2_OFF_1,
  table: `${TRIPPLITE}.10.2.3.5.1.5`,
};

const TRIPP_LITE_LX: PduModel = {
  ...BASE,
  name: "Tripp Lite LX",
  status: ({ outlet }) => `${TRIPPLITE}.1.1.3.2.3.3.1.1.4.1.${outlet}`,
  control: ({ outlet }) => `${TRIPPLITE}.1.1.3.2.3.3.1.1.6.1.${outlet}`,
  states: ON_2_OFF_1,
  commands: ON_2_OFF_1,
  table: `${TRIPPLITE}.1.1.3.2.3.3.1.1.2.1`,
};

export const APC_FAMILY: PduFamily = {
  about: "APC or Tripp Lite power switch",
  models: {
    "1.3.6.1.4.1.318.1.3.4.5": [RPDU],
    "1.3.6.1.4.1.318.1.3.4.4": [MASTER_SWITCH_PLUS],
    "1.3.6.1.4.1.318.1.3.4.6": [RPDU2, FIRMWARE_6],
    "1.3.6.1.4.1.850.1": [TRIPP_LITE],
    "1.3.6.1.4.1.850.1.1.1": [TRIPP_LITE_LX],
  },
  otherwise: [MASTER_SWITCH],
};
