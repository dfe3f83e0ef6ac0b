/** Which card is played. Source: recorded answers of iLO 1 and iLO 2, HP's RIBCL guides. */

export interface RibclModel {
  /** MANAGEMENT_PROCESSOR: `iLO`, `iLO2`. */
  readonly processor: string;
  readonly firmware: string;
  /** The VERSION of its documents. */
  readonly ribcl: string;
  /** `self-closed`: `<RIBCL VERSION="2.22"/>`, with `</RIBCL>` all the same: a fault of real firmware. */
  readonly root: "proper" | "self-closed";
  /** `old`: TLS 1.0 and nothing newer, 1024 bits, SHA-1. */
  readonly tls: "old" | "modern";
  /** `hangs-up`: on every greeting that offers more than TLS 1.0. */
  readonly newerGreeting: "agrees" | "hangs-up";
  /** What HOLD_PWR_BTN without TOGGLE does to a machine that is off. */
  readonly holdWhenOff: "nothing" | "powers-on";
  readonly serial: string;
  readonly uuid: string;
}

const HOST = { serial: "CZJ84602N7", uuid: "30373735-3237-5A43-4A38-343630324E37" } as const;

export const RIBCL_MODELS: Readonly<Record<"ilo1" | "ilo2" | "ilo2-old" | "riloe", RibclModel>> = {
  ilo1: {
    ...HOST,
    processor: "iLO",
    firmware: "1.96",
    ribcl: "2.22",
    root: "self-closed",
    tls: "old",
    newerGreeting: "agrees",
    holdWhenOff: "nothing",
  },
  ilo2: {
    ...HOST,
    processor: "iLO2",
    firmware: "2.29",
    ribcl: "2.22",
    root: "proper",
    tls: "modern",
    newerGreeting: "agrees",
    holdWhenOff: "nothing",
  },
  "ilo2-old": {
    ...HOST,
    processor: "iLO2",
    firmware: "1.22",
    ribcl: "2.22",
    root: "proper",
    tls: "old",
    newerGreeting: "agrees",
    holdWhenOff: "powers-on",
  },
  riloe: {
    ...HOST,
    processor: "RILOE",
    firmware: "2.53",
    ribcl: "1.20",
    root: "proper",
    tls: "modern",
    newerGreeting: "agrees",
    holdWhenOff: "nothing",
  },
};

export type RibclModelName = keyof typeof RIBCL_MODELS;
