import { startTags, type Tag } from "./tags.ts";

/** One answer of the device. Shape: `statuses` is empty when the document has no RESPONSE. */
export interface RibclDocument {
  readonly statuses: readonly RibclStatus[];
  readonly tags: readonly Tag[];
}

/** Shape: `code` is undefined when the device wrote something that is no number. */
export interface RibclStatus {
  readonly code: number | undefined;
  readonly message: string;
}

export function parseDocument(text: string): RibclDocument {
  const tags = startTags(text);
  const statuses = tags.filter((tag) => tag.name === "RESPONSE").map(statusOf);
  return { statuses, tags };
}

function statusOf(tag: Tag): RibclStatus {
  const written = tag.attributes.get("STATUS") ?? "";
  const code = /^0x[0-9a-f]{1,8}$/i.test(written) ? Number.parseInt(written, 16) : undefined;
  return { code, message: tag.attributes.get("MESSAGE") ?? "" };
}

/** The version in which the device speaks, such as `2.22`. */
export function versionOf(document: RibclDocument): number | undefined {
  const written = document.tags.find((tag) => tag.name === "RIBCL")?.attributes.get("VERSION") ?? "";
  return /^\d{1,2}(\.\d{1,3})?$/.test(written) ? Number(written) : undefined;
}
