/** Reads answers. Nothing here throws; what is not there, or is something else, is undefined. */
import { MESSAGE_LENGTH_MAX, PATH_LENGTH_MAX, SYSTEMS_MAX } from "./limits.ts";

export type Json = Readonly<Record<string, unknown>>;

/** Shape: undefined when it is no JSON object. */
export function parseJson(text: string): Json | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined; // Said by the caller, who knows what was asked.
  }
}

export function objectOf(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * A path on the same device. Anything else, such as `//other.example/`, would carry the password
 * away.
 */
export function pathOf(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || text.length > PATH_LENGTH_MAX) return undefined;
  return /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(text) ? text : undefined;
}

/** The link behind `@odata.id`. */
export function linkOf(value: unknown): string | undefined {
  return pathOf(objectOf(value)?.["@odata.id"]);
}

export function membersOf(collection: Json): readonly string[] {
  const members = arrayOf(collection["Members"]).slice(0, SYSTEMS_MAX);
  return members.map(linkOf).filter((link) => link !== undefined);
}

/** What the device says of a refusal: its message ids and messages, one line. */
export function messagesOf(body: Json | undefined): string {
  const error = objectOf(body?.["error"]) ?? body;
  const infos = arrayOf(error?.["@Message.ExtendedInfo"]).slice(0, 4).map(objectOf);
  const said = infos.flatMap((info) => {
    const id = textOf(info?.["MessageId"]);
    const text = textOf(info?.["Message"]);
    return id === undefined && text === undefined
      ? []
      : [[id, text].filter((part) => part !== undefined).join(" ")];
  });
  const words = said.length > 0 ? said.join("; ") : (textOf(error?.["message"]) ?? "");
  return words
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .slice(0, MESSAGE_LENGTH_MAX);
}
