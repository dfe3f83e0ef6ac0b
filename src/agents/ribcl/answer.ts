/** What the documents of one exchange say together. */
import type { RibclDocument, RibclStatus } from "./document.ts";

export type RibclFailure =
  | { readonly type: "login"; readonly message: string }
  | { readonly type: "privilege"; readonly message: string }
  | { readonly type: "refused"; readonly message: string };

/** Units: the STATUS of a RESPONSE. Source: HP's RIBCL guides. */
const OK = 0;
const LOGIN_NAME_NOT_FOUND = 0x000a;
const PRIVILEGE_MISSING = 0x0023;
const LOGIN_FAILED = 0x005f;

/**
 * The first complaint among *all* answers: a command in the wrong place gets several "No error"
 * first. An answer without a readable STATUS is a complaint as well.
 */
export function failureOf(documents: readonly RibclDocument[]): RibclFailure | undefined {
  for (const document of documents) {
    if (document.statuses.length === 0) return { type: "refused", message: "an answer without a STATUS" };
    const bad = document.statuses.find((status) => status.code !== OK);
    if (bad !== undefined) return failure(bad);
  }
  return undefined;
}

function failure({ code, message }: RibclStatus): RibclFailure {
  const text = message.trim() === "" ? "no reason given" : message.trim();
  if (code === LOGIN_FAILED || code === LOGIN_NAME_NOT_FOUND) return { type: "login", message: text };
  if (code === PRIVILEGE_MISSING) return { type: "privilege", message: text };
  const written = code === undefined ? "unreadable status" : `status 0x${code.toString(16).padStart(4, "0")}`;
  return { type: "refused", message: `${text} (${written})` };
}

/** Only a clear word counts: no answer, two answers, or anything but ON and OFF is `unknown`. */
export function powerOf(documents: readonly RibclDocument[]): "on" | "off" | "unknown" {
  if (failureOf(documents) !== undefined) return "unknown";
  const answers = documents.flatMap((document) =>
    document.tags.filter((tag) => tag.name === "GET_HOST_POWER"),
  );
  const words = new Set(answers.map((tag) => tag.attributes.get("HOST_POWER")?.trim().toUpperCase()));
  if (words.size !== 1) return "unknown";
  if (words.has("ON")) return "on";
  return words.has("OFF") ? "off" : "unknown";
}

/** Does the document have this element? */
export function carries(name: string): (document: RibclDocument) => boolean {
  return ({ tags }) => tags.some((tag) => tag.name === name);
}

export interface Firmware {
  /** `iLO`, `iLO2`, … as the device says it. */
  readonly processor?: string;
  readonly version?: string;
}

export function firmwareOf(documents: readonly RibclDocument[]): Firmware {
  const tag = documents.flatMap(({ tags }) => tags).find(({ name }) => name === "GET_FW_VERSION");
  const processor = tag?.attributes.get("MANAGEMENT_PROCESSOR");
  const version = tag?.attributes.get("FIRMWARE_VERSION");
  return { ...(processor ? { processor } : {}), ...(version ? { version } : {}) };
}

export interface HostData {
  readonly serial?: string;
  readonly uuid?: string;
}

/** The system record (SMBIOS type 1) in the answer to GET_HOST_DATA. */
export function hostDataOf(documents: readonly RibclDocument[]): HostData {
  const tags = documents.flatMap((document) => document.tags);
  const begin = tags.findIndex(
    (tag) => tag.name === "SMBIOS_RECORD" && tag.attributes.get("TYPE")?.trim() === "1",
  );
  if (begin < 0) return {};
  const after = tags.slice(begin + 1);
  const end = after.findIndex((tag) => tag.name === "SMBIOS_RECORD");
  const fields = new Map(
    (end < 0 ? after : after.slice(0, end))
      .filter((tag) => tag.name === "FIELD")
      .map((tag) => [tag.attributes.get("NAME")?.trim().toLowerCase(), tag.attributes.get("VALUE")?.trim()]),
  );
  const serial = fields.get("serial number");
  const uuid = fields.get("uuid");
  return { ...(serial ? { serial } : {}), ...(uuid ? { uuid } : {}) };
}
