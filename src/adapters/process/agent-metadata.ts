import { ParseOption, XmlDocument, type XmlElement, type XmlNode } from "libxml2-wasm";
import type { AgentActionInfo, AgentMetadata, AgentParameter } from "../../ports/agent-metadata.ts";

/** Units: characters. The longest description that Debian ships is a tenth of this. */
export const METADATA_LENGTH_MAX = 256 * 1024;

/** Parameters of one agent, and actions, and values of one `select`. */
export const METADATA_ITEMS_MAX = 512;

/** Units: characters of one text in it. */
const TEXT_LENGTH_MAX = 1_000;

/** Shape: a name that can stand before `=` on one line of an agent's input. */
const NAME = /^[\w.:-]{1,128}$/;

/**
 * Reads what an agent printed when asked for `metadata`. Anything before the first tag is skipped:
 * some agents warn first. Entities of its own are refused, none is ever fetched.
 *
 * Errors: never throws; undefined when it is not a `resource-agent`.
 */
export function parseAgentMetadata(text: string): AgentMetadata | undefined {
  if (text.length > METADATA_LENGTH_MAX || /<!ENTITY/i.test(text)) return undefined;
  const begin = text.search(/<\?xml|<!DOCTYPE|<resource-agent/);
  if (begin < 0) return undefined;
  let document: XmlDocument;
  try {
    const option = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
    document = XmlDocument.fromString(text.slice(begin).toWellFormed().trim(), { option });
  } catch {
    return undefined; // Not XML: the same as no description.
  }
  try {
    return read(document.root);
  } catch {
    return undefined;
  } finally {
    document.dispose();
  }
}

function read(root: XmlElement): AgentMetadata | undefined {
  if (root.name !== "resource-agent") return undefined;
  const parameters = elements(root, "parameters/parameter").map(parameterOf);
  const actions = elements(root, "actions/action").map(actionOf);
  return {
    name: attribute(root, "name"),
    shortdesc: attribute(root, "shortdesc"),
    parameters: parameters.filter((parameter) => NAME.test(parameter.name)),
    actions: actions.filter((action) => NAME.test(action.name)),
  };
}

function parameterOf(element: XmlElement): AgentParameter {
  const content = elements(element, "content")[0];
  const obsoletes = attribute(element, "obsoletes");
  const standard = content?.attr("default")?.value;
  return {
    name: attribute(element, "name"),
    required: isTrue(attribute(element, "required")),
    deprecated: isTrue(attribute(element, "deprecated")),
    ...(obsoletes === "" ? {} : { obsoletes }),
    type: (content === undefined ? "" : attribute(content, "type")) || "string",
    ...(standard === undefined ? {} : { default: standard.slice(0, TEXT_LENGTH_MAX) }),
    options:
      content === undefined ? [] : elements(content, "option").map((option) => attribute(option, "value")),
    help: (element.get("shortdesc")?.content ?? "").trim().slice(0, TEXT_LENGTH_MAX),
  };
}

function actionOf(element: XmlElement): AgentActionInfo {
  return {
    name: attribute(element, "name"),
    automatic: isTrue(attribute(element, "automatic")),
    onTarget: isTrue(attribute(element, "on_target")),
  };
}

function elements(from: XmlElement, path: string): XmlElement[] {
  return from.find(path).filter(isElement).slice(0, METADATA_ITEMS_MAX);
}

function isElement(node: XmlNode): node is XmlElement {
  return "attr" in node;
}

function attribute(element: XmlElement, name: string): string {
  return (element.attr(name)?.value ?? "").slice(0, TEXT_LENGTH_MAX);
}

function isTrue(text: string): boolean {
  return /^(1|yes|on|true)$/i.test(text);
}
