/** Compares a tree of elements with the rules: unknown, missing and repeated names. */
import type { Problems } from "./problem.ts";
import { shownName } from "./scan.ts";
import { CLUSTER, type ElementRule } from "./schema.ts";
import type { Element } from "./xml.ts";

/** The root must be `cluster`. Everything below it is checked as far as we know it. */
export function checkSchema(root: Element, problems: Problems): void {
  if (root.name !== "cluster") {
    const hint = problems.guess(root.name, ["cluster"]);
    problems.error(root.place, `the root element is <${shownName(root.name)}>`, "<cluster>", hint);
    return;
  }
  checkElement(root, CLUSTER, problems);
  if (!root.children.some((child) => child.name === "clusternodes")) {
    problems.error(
      root.place,
      "<cluster> has no <clusternodes>",
      "<clusternodes> with every node of the cluster",
    );
  }
}

/** Recursion is bounded: the depth of the tree was when it was read. */
function checkElement(element: Element, rule: ElementRule, problems: Problems): void {
  checkAttributes(element, rule, problems);
  if (rule.children === "any") return;
  if (element.hasText) {
    problems.error(
      element.place,
      `text between the tags of <${element.name}>`,
      "attributes and elements only",
    );
  }
  const firsts = new Map<string, Element>();
  for (const child of element.children) {
    const childRule = Object.hasOwn(rule.children, child.name) ? rule.children[child.name] : undefined;
    if (childRule === undefined) {
      reportUnknownElement(child, element, Object.keys(rule.children), problems);
      continue;
    }
    const first = firsts.get(child.name);
    if (first !== undefined && !childRule.repeats) {
      const what = `a second <${child.name}> in <${element.name}>`;
      problems.error(child.place, what, `one; the first is in line ${first.place.line}`);
    }
    firsts.set(child.name, first ?? child);
    checkElement(child, childRule, problems);
  }
}

function reportUnknownElement(
  child: Element,
  parent: Element,
  known: readonly string[],
  problems: Problems,
): void {
  const what = `unknown element <${shownName(child.name)}> in <${parent.name}>`;
  const expected = known.length === 0 ? "nothing inside it" : `one of ${listed(known)}`;
  problems.error(child.place, what, expected, problems.guess(child.name, known));
}

function checkAttributes(element: Element, rule: ElementRule, problems: Problems): void {
  for (const name of rule.required) {
    if (element.attributes.some((attribute) => attribute.name === name)) continue;
    problems.error(element.place, `<${element.name}> has no ${name}`, `${name}="…"`);
  }
  if (rule.attributes === "any") return;
  for (const { name, place } of element.attributes) {
    if (rule.attributes.includes(name)) continue;
    const what = `unknown attribute ${shownName(name)} of <${element.name}>`;
    const expected = rule.attributes.length === 0 ? "no attributes" : `one of ${listed(rule.attributes)}`;
    problems.error(place, what, expected, problems.guess(name, rule.attributes));
  }
}

/** Long lists help nobody at a terminal. */
const LISTED_MAX = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, LISTED_MAX).join(", ");
  return names.length > LISTED_MAX ? `${shown}, …` : shown;
}
