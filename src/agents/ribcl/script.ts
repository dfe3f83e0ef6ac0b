/** What is said to the device. Source: HP's guides; docs of fence_ilo for the shape of a line. */
import { CREDENTIAL_LENGTH_MAX } from "./limits.ts";

/** Goes alone, in a write of its own: with more behind it the device finds a syntax error. */
export const DECLARATION = '<?xml version="1.0"?>\r\n';

export interface RibclLogin {
  readonly user: string;
  readonly password: string;
}

/** One request, and how many documents answer it. */
export interface Script {
  readonly text: string;
  readonly documents: number;
}

/** The root element. It stays open, so that more than one script can follow. */
export function openRoot(version: number): Script {
  return { text: `<RIBCL VERSION="${version >= 2 ? "2.0" : "1.2"}">\r\n`, documents: 1 };
}

export type RibclCommand = "GET_HOST_POWER_STATUS" | "GET_HOST_DATA" | "GET_FW_VERSION" | PowerCommand;

/**
 * Shape: without TOGGLE, always: a press that is repeated must not undo itself. HOLD_PWR_BTN forces
 * the power off, and does nothing to a machine that is off.
 */
export type PowerCommand = "HOLD_PWR_BTN" | 'SET_HOST_POWER HOST_POWER="Yes"' | "PRESS_PWR_BTN";

/** Every start tag and every end tag is answered by a document: login, block, command, two ends. */
const DOCUMENTS_PER_BLOCK = 5;

export function block(login: RibclLogin, command: RibclCommand): Script {
  const read = command.startsWith("GET_");
  const name = command === "GET_FW_VERSION" ? "RIB_INFO" : "SERVER_INFO";
  const text =
    `<LOGIN USER_LOGIN=${quoted(login.user)} PASSWORD=${quoted(login.password)}>\r\n` +
    `<${name} MODE="${read ? "read" : "write"}"><${command}/></${name}></LOGIN>\r\n`;
  return { text, documents: DOCUMENTS_PER_BLOCK };
}

/** In one write: the second block is answered only when the first one is. */
export function together(...scripts: readonly Script[]): Script {
  return {
    text: scripts.map((script) => script.text).join(""),
    documents: scripts.reduce((sum, script) => sum + script.documents, 0),
  };
}

/** Why a name or password cannot be said in RIBCL; never repeats it. */
export function loginProblem(login: RibclLogin): string | undefined {
  for (const [what, text] of [
    ["login", login.user],
    ["password", login.password],
  ] as const) {
    if (text === "") return `the ${what} is empty: an iLO takes no empty one`;
    if (text.length > CREDENTIAL_LENGTH_MAX)
      return `the ${what} is longer than ${CREDENTIAL_LENGTH_MAX} characters`;
    if (/[^\x20-\x7e\xa0-\xff]/.test(text)) return `the ${what} has a character that RIBCL cannot carry`;
  }
  return undefined;
}

/** As fence_ilo quotes: double quotes, or single ones when the value holds a double one. */
function quoted(text: string): string {
  const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  if (!plain.includes('"')) return `"${plain}"`;
  return plain.includes("'") ? `"${plain.replaceAll('"', "&quot;")}"` : `'${plain}'`;
}
