/** `corosync.conf` as text, from its keys and back. Source: corosync.conf(5), coroparse.c. */

/** Units: characters. Corosync's own limit is lower for a line; a file is never that large. */
export const COROSYNC_CONF_CHARS_MAX = 1024 * 1024;
const DEPTH_MAX = 8;

interface Section {
  readonly lines: string[];
  readonly sections: Map<string, Section>;
}

/** Sections in the order of their first key; numbers in keys tell sections of one name apart. */
export function formatCorosyncConf(keys: ReadonlyMap<string, string>): string {
  const root: Section = { lines: [], sections: new Map() };
  for (const [key, value] of keys) {
    const path = key.split(".");
    const name = path.pop() ?? "";
    let section = root;
    for (let at = 0; at < path.length; at++) {
      const number = /^\d+$/.test(path[at + 1] ?? "") ? `.${path[at + 1]}` : "";
      const id = `${path[at]}${number}`;
      if (number !== "") at += 1;
      const inner = section.sections.get(id) ?? { lines: [], sections: new Map() };
      section.sections.set(id, inner);
      section = inner;
    }
    section.lines.push(`${name}: ${value}`);
  }
  return [...root.sections].map(([id, section]) => written(id, section, "")).join("");
}

function written(id: string, { lines, sections }: Section, indent: string): string {
  const inner = `${indent}  `;
  const body = lines.map((line) => `${inner}${line}\n`).join("");
  const nested = [...sections].map(([name, section]) => written(name, section, inner)).join("");
  return `${indent}${id.replace(/\.\d+$/, "")} {\n${body}${nested}${indent}}\n`;
}

export type ReadCorosyncConf =
  | { readonly ok: true; readonly keys: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly line: number; readonly problem: string };

/** Sections that may repeat, numbered as Corosync does. `interface` has its number in it. */
const NUMBERED: ReadonlySet<string> = new Set(["node", "interface", "logger_subsys", "logging_daemon"]);

/** Errors: never throws. */
export function parseCorosyncConf(text: string): ReadCorosyncConf {
  const keys = new Map<string, string>();
  const counts = new Map<string, number>();
  const open: string[] = [];
  const wrong = (line: number, problem: string): ReadCorosyncConf => ({ ok: false, line, problem });
  if (text.length > COROSYNC_CONF_CHARS_MAX) return wrong(0, "the file is too long");
  const lines = text.split("\n");
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.endsWith("{")) {
      const name = line.slice(0, -1).trim();
      if (!/^[\w.-]+$/.test(name)) return wrong(index + 1, "a section without a name");
      if (open.length >= DEPTH_MAX) return wrong(index + 1, "sections nested too deeply");
      const path = [...open, name].join(".");
      const count = counts.get(path) ?? 0;
      counts.set(path, count + 1);
      open.push(NUMBERED.has(name) ? `${name}.${count}` : name);
    } else if (line === "}") {
      if (open.pop() === undefined) return wrong(index + 1, "a } that closes nothing");
    } else {
      const at = line.indexOf(":");
      if (at <= 0) return wrong(index + 1, "neither a section nor NAME: VALUE");
      keys.set([...open, line.slice(0, at).trim()].join("."), line.slice(at + 1).trim());
    }
  }
  return open.length > 0 ? wrong(lines.length, `section ${open.at(-1)} is never closed`) : { ok: true, keys };
}
