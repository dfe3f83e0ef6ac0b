/** `<fencedevices>`: what there is to fence with. */
import { checkAgent, checkFiles, checkParameters } from "./agent-checks.ts";
import { isAgentName } from "./agent-names.ts";
import { isPasswordFileName, isScriptName, type NodeFacts, programOf } from "./facts.ts";
import type { Problems } from "./problem.ts";
import { isSecretName } from "./secret.ts";
import { attributeOf, childrenOf, placeOf, quoted, textOf } from "./values.ts";
import type { Element } from "./xml.ts";

export interface FenceDevice {
  readonly name: string;
  readonly agent: string;
  readonly element: Element;
}

/** Devices that are complete enough to be used, by name. */
export function readFenceDevices(
  element: Element | undefined,
  facts: NodeFacts,
  problems: Problems,
): ReadonlyMap<string, FenceDevice> {
  const devices = new Map<string, FenceDevice>();
  for (const child of childrenOf(element, "fencedevice")) {
    const name = textOf(child, "name");
    const agent = textOf(child, "agent");
    if (agent !== undefined && !isAgentName(agent)) {
      problems.error(
        placeOf(child, "agent"),
        `agent is ${quoted(agent)}`,
        "the name of a fence agent (fence_…), or an absolute path",
      );
    } else if (agent !== undefined) checkAgent(agent, placeOf(child, "agent"), facts, problems);
    if (name === undefined) continue; // Reported as a missing attribute.
    if (name === "" || /\s/.test(name)) {
      problems.error(placeOf(child, "name"), `fence device name ${quoted(name)}`, "a name without blanks");
      continue;
    }
    const first = devices.get(name);
    if (first !== undefined) {
      const what = `a second fence device ${quoted(name)}`;
      problems.error(
        placeOf(child, "name"),
        what,
        `another name; the first is in line ${first.element.place.line}`,
      );
      continue;
    }
    devices.set(name, { name, agent: agent ?? "", element: child });
    if (agent !== undefined) checkParameters(child, agent, facts, problems);
    checkFiles(child, facts, problems);
    warnOfParameters(child, problems);
    checkScripts(child, problems);
  }
  return devices;
}

/** For most agents these are on as soon as they are there, whatever the value. Source: fence-agents. */
const SWITCHES: ReadonlySet<string> = new Set(["ssl_insecure", "notls", "missing_as_off"]);

/** What agents accept without a word although it cannot be what the author wanted. */
export function warnOfParameters(element: Element, problems: Problems): void {
  for (const { name, value, place } of element.attributes) {
    if (isSecretName(name) && value !== "" && attributeOf(element, `${name}_script`) === undefined) {
      const script = /passwd|password/.test(name) ? `${name}_script="/path/of/a/script", or ` : "";
      problems.warn(
        place,
        `${name} stands in plain text in the file`,
        `${script}a file that only root can read`,
      );
    } else if (SWITCHES.has(name.replaceAll("-", "_")) && /^(?:0|no|off|false)$/i.test(value)) {
      problems.warn(
        place,
        `${name} switches itself on whatever its value is`,
        "no such attribute, to leave it off",
      );
    } else if ((name === "port" || name === "plug") && value.includes(",")) {
      const what = `several outlets in one ${name}: some agents act on the first one only and report success`;
      problems.warn(place, what, "a <device> line for every outlet");
    }
  }
}

/** A password script is run as it is, by no shell. What the runner refuses must not wait for the night. */
export function checkScripts(element: Element, problems: Problems): void {
  for (const { name, value, place } of element.attributes) {
    const isScript = isScriptName(name);
    if (/^passw(?:or)?d_sealed$/.test(name) && !/^b1:[A-Za-z0-9_-]{60,}$/.test(value)) {
      problems.error(
        place,
        `${name} is no sealed value`,
        'what bouncer secret seal prints: "b1:…", complete',
      );
    } else if (/^passw(?:or)?d_credential$/.test(name) && !/^[A-Za-z0-9_-][\w.-]{0,254}$/.test(value)) {
      problems.error(place, `${name} is no name of a credential`, "the name that LoadCredential= gives it");
    }
    if (!isScript && !isPasswordFileName(name)) continue;
    const path = isScript ? programOf(value) : value;
    if (isScript && SHELL.test(value)) {
      const what = `${name} is a shell expression`;
      problems.error(place, what, "a program of its own, with plain words as its arguments");
    } else if (path === "") problems.error(place, `${name} is empty`, "an absolute path");
    else if (!path.startsWith("/")) {
      const what = `${name} ${quoted(path)} is no absolute path`;
      if (path.includes("/") || !isScript) problems.error(place, what, "an absolute path");
      else problems.warn(place, what, "an absolute path: it is looked for where fence agents are");
    }
  }
}

const SHELL = /[|&;<>()$`"'*?[\]{}~\\]/;
