/** What `ccs_tool` tells of a file. Nothing in it is checked: the tool was there to repair such files. */
import { XmlDocument, type XmlNode } from "libxml2-wasm";
import { CONFIG_BYTES_MAX } from "../../config/limits.ts";
import { redactText } from "../../config/redact.ts";
import { readTree } from "../../config/tree.ts";
import type { Element } from "../../config/xml.ts";
import type { CliContext } from "../context.ts";
import { CONFIG_DEFAULT } from "../paths.ts";

export interface CcsFacts {
  readonly root: Element;
  /** The value of the first thing found; undefined: nothing, or no XPath. */
  readonly query: (path: string) => string | undefined;
}

/** Undefined: the file cannot be read. */
export function readFacts(ctx: CliContext, file: string | undefined): CcsFacts | undefined {
  const bytes = ctx.files.bytes(file ?? ctx.env.BOUNCER_CONFIG ?? CONFIG_DEFAULT, CONFIG_BYTES_MAX + 1);
  if (typeof bytes === "string") return undefined;
  const { root } = readTree(bytes);
  if (root === undefined) return undefined;
  // Well-formed and without entities or types: the tree was read from it.
  const text = redactText(new TextDecoder().decode(bytes));
  return { root, query: (path) => query(text, path) };
}

function query(text: string, path: string): string | undefined {
  const document = XmlDocument.fromString(text);
  try {
    const found = document.eval(path);
    if (typeof found !== "object") return String(found);
    const [first] = found as readonly XmlNode[];
    return first === undefined ? undefined : first.content;
  } catch {
    return undefined; // No XPath.
  } finally {
    document.dispose();
  }
}
