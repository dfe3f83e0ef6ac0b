/**
 * Small changes to a stage's base configuration, as an administrator would make them in an editor. Text
 * in, text out: stages differ in their agents, and a story must not care. Errors: throws when the text
 * has no such place, so that no story is played on a configuration that it did not mean.
 */

export type Attributes = Readonly<Record<string, string>>;

/** `<fence_daemon …/>` with these attributes besides those that it has. */
export function withFenceDaemon(text: string, attributes: Attributes): string {
  const present = /<fence_daemon\b[^>]*\/>/.exec(text)?.[0];
  if (present !== undefined) return text.replace(present, withAttributes(present, attributes));
  return replaceOnce(
    text,
    /<cluster\b[^>]*>/,
    (tag) => `${tag}\n${withAttributes("<fence_daemon/>", attributes)}`,
  );
}

/** The node as in the article: nobody but a person can fence it. */
export function withoutMethod(text: string, node: string): string {
  return changeNode(text, node, (element) => element.replace(/<fence>[\s\S]*<\/fence>/, ""));
}

/** One more fence device, like `like` but for its name and these attributes. */
export function withDevice(text: string, like: string, name: string, attributes: Attributes): string {
  return replaceOnce(
    text,
    deviceTag(like),
    (tag) => `${tag}\n${withAttributes(tag, { ...attributes, name })}`,
  );
}

export function withDeviceAttributes(text: string, name: string, attributes: Attributes): string {
  return replaceOnce(text, deviceTag(name), (tag) => withAttributes(tag, attributes));
}

/** A method that is tried before those that the node has. */
export function withFirstMethod(text: string, node: string, method: string, device: string): string {
  const added = `<method name="${method}"><device name="${device}"/></method>`;
  return changeNode(text, node, (element) => element.replace("<fence>", `<fence>\n${added}`));
}

/** Every device line of the node with this action. */
export function withAction(text: string, node: string, action: string): string {
  return changeNode(text, node, (element) =>
    element.replace(/<device\b[^>]*\/>/g, (tag) => withAttributes(tag, { action })),
  );
}

/** Fence devices are looked at that often. Units: seconds. */
export function withCheckInterval(text: string, seconds: number): string {
  const tag = /<fence_daemon\b[^>]*\/>/;
  return replaceOnce(text, tag, (found) => withAttributes(found, { check_interval: String(seconds) }));
}

function deviceTag(name: string): RegExp {
  return new RegExp(`<fencedevice\\b[^>]*\\bname="${name}"[^>]*/>`);
}

function changeNode(text: string, node: string, change: (element: string) => string): string {
  const element = new RegExp(`<clusternode\\b[^>]*\\bname="${node}"[^>]*>[\\s\\S]*?</clusternode>`);
  return replaceOnce(text, element, (found) => {
    const changed = change(found);
    if (changed === found) throw new Error(`${node} has no fence section to change`);
    return changed;
  });
}

function replaceOnce(text: string, pattern: RegExp, change: (found: string) => string): string {
  const found = pattern.exec(text)?.[0];
  if (found === undefined) throw new Error(`the configuration has no ${pattern.source}`);
  return text.replace(found, () => change(found));
}

function withAttributes(tag: string, attributes: Attributes): string {
  let result = tag;
  for (const [name, value] of Object.entries(attributes)) {
    result = result
      .replace(new RegExp(`\\s${name}="[^"]*"`), "")
      .replace(/\s*\/>$/, () => ` ${name}="${value}"/>`);
  }
  return result;
}
