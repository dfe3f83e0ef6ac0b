import { DETAIL_LENGTH_MAX } from "./limits.ts";

/** Stands for a removed secret while other removals go on; no agent has a use for this character. */
const HOLE = "\u{E000}";

export type Redact = (text: string) => string;

/**
 * Makes text from outside fit for logs: one line, no control characters, no secret.
 *
 * Shape: every value is removed by value, as it is and in the forms in which agents and the tools
 * below them print it: URL, Base64 (alone and as `login:password`), JSON, XML and Python notation.
 * At most {@link DETAIL_LENGTH_MAX} characters.
 */
export function createRedact(secrets: readonly string[], logins: readonly string[] = []): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) for (const form of formsOf(secret, logins)) forms.add(form);
  forms.delete("");
  // The longest first: a secret that begins with another one goes as a whole.
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  const pattern = sorted.length === 0 ? undefined : new RegExp(sorted.map(escapeRegExp).join("|"), "g");
  const punch = (text: string): string => (pattern === undefined ? text : text.replace(pattern, HOLE));
  return (text) => {
    // Twice: a value that is interrupted by control characters is whole only when they are gone.
    const clean = punch(oneLine(punch(text)))
      .replaceAll(HOLE, "[secret]")
      .trim();
    return clean.length <= DETAIL_LENGTH_MAX ? clean : `${clean.slice(0, DETAIL_LENGTH_MAX - 1)}…`;
  };
}

function formsOf(secret: string, logins: readonly string[]): string[] {
  const url = safeUrl(secret);
  const xml = secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
  return [
    secret,
    secret.trim(),
    url,
    url.replaceAll("%20", "+"),
    url.toLowerCase(),
    base64(secret),
    base64(secret).replace(/=+$/, ""),
    ...logins.map((login) => base64(`${login}:${secret}`)),
    ...logins.map((login) => base64(`${login}:${secret}`).replace(/=+$/, "")),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("\\", "\\\\"),
    secret.replaceAll("\\", "\\\\").replaceAll("'", "\\'"),
    xml,
    xml.replaceAll("'", "&apos;"),
    xml.replaceAll("'", "&#39;"),
    oneLine(secret),
  ];
}

function safeUrl(text: string): string {
  // Half of a surrogate pair has no URL form.
  return encodeURIComponent(text.toWellFormed());
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** C0, DEL, C1, line and paragraph separators, and the marks that turn the direction of writing. */
function oneLine(text: string): string {
  return text
    .replace(/\t/g, " ")
    .replace(/\p{Cc}|\p{Cf}|\u2028|\u2029/gu, "")
    .replace(/ {2,}/g, " ");
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
