/** The six lock modes and who may hold what beside whom. Source: VMS lock manager, Linux DLM. */

/** From "no access, only interest" to "nobody else reads or writes". */
export type Mode = "NL" | "CR" | "CW" | "PR" | "PW" | "EX";

export const MODES: readonly Mode[] = ["NL", "CR", "CW", "PR", "PW", "EX"];

const BESIDE: Readonly<Record<Mode, readonly Mode[]>> = {
  NL: ["NL", "CR", "CW", "PR", "PW", "EX"],
  CR: ["NL", "CR", "CW", "PR", "PW"],
  CW: ["NL", "CR", "CW"],
  PR: ["NL", "CR", "PR"],
  PW: ["NL", "CR"],
  EX: ["NL"],
};

/** May two owners hold these at the same time? Symmetric. */
export function compatible(a: Mode, b: Mode): boolean {
  return BESIDE[a].includes(b);
}

/** Whoever holds `held` has every right of `wanted` already: giving it nothing more decides nothing. */
export function covers(held: Mode, wanted: Mode): boolean {
  return BESIDE[held].every((mode) => BESIDE[wanted].includes(mode));
}

/** The strongest mode that both cover: what is left to whoever holds `a` and waits for `b`. */
export function common(a: Mode, b: Mode): Mode {
  return MODES.findLast((mode) => covers(a, mode) && covers(b, mode)) ?? "NL";
}

/** Modes whose holder may change what the lock guards, and its value. */
export function writes(mode: Mode): boolean {
  return mode === "EX" || mode === "PW";
}

/** Modes that keep everybody else from writing: while one is held nobody else holds EX or PW. */
export function keepsWritersOut(mode: Mode): boolean {
  return !compatible(mode, "PW") && !compatible(mode, "EX");
}
