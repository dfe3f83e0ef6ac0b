/** How a person knows, in one sentence for the certificate: in English, as all nodes keep it alike. Pure. */

export type HowOff = "cord" | "pdu" | "chassis" | "hypervisor" | "san" | "other";

const WORDS: Readonly<Record<HowOff, string>> = {
  cord: "power cord pulled",
  pdu: "outlet of the power switch off",
  chassis: "switched off by button or management card",
  hypervisor: "switched off by the hypervisor below",
  san: "its port at the storage network shut",
  other: "otherwise",
};

/** Units: characters. "ok" is no observation. */
export const DETAILS_CHARS_MIN = 8;

export interface StatementParts {
  readonly how: HowOff;
  readonly details: string;
  readonly second: string;
  readonly serial: string;
}

export function statementOf({ how, details, second, serial }: StatementParts): string {
  const tidy = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
  return [
    WORDS[how],
    tidy(details),
    ...(tidy(serial) === "" ? [] : [`serial ${tidy(serial)}`]),
    ...(tidy(second) === "" ? [] : [`also checked by ${tidy(second)}`]),
  ].join("; ");
}
