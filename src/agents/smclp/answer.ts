/** What a card says in its command line. Source: DMTF SM CLP (DSP0214), and recordings of iLO 3. */
import { type Power, problem, type Result, success } from "../frame/agent.ts";

/** Exactly one state of the system, or none: properties of its parts have states of their own. */
export function powerIn(answer: string): Power {
  const states = [...answer.matchAll(/^\s*enabledstate\s*=\s*([^\r\n]*?)\s*$/gim)].map(([, word = ""]) =>
    word.toLowerCase(),
  );
  const [state] = states;
  if (states.some((other) => other !== state)) return "unknown";
  if (state === "enabled") return "on";
  return state === "disabled" ? "off" : "unknown";
}

/** `status=0` is a success; a card that says no status at all is judged by what is read afterwards. */
export function acceptance(answer: string, command: string): Result<void> {
  const status = /^\s*status\s*=\s*(\d+)/im.exec(answer)?.[1] ?? "0";
  const tag = /^\s*error_tag\s*=\s*([^\r\n]*)/im.exec(answer)?.[1]?.trim();
  if (status === "0" && tag === undefined) return success(undefined);
  const said = (tag ?? `status ${status}`).replace(/[^\x20-\x7e]/g, "?").slice(0, 120);
  if (/privilege|access denied|not authori[sz]ed/i.test(said)) {
    return problem("privilege", `the card refuses ${command}: ${said}`);
  }
  return problem("refused", `the card refuses ${command}: ${said}`);
}
