/** One `<device>` line and the fence device behind it, as a decision sees them and as an agent does. */
import type { DeviceUse } from "../core/config.ts";
import type { NodeName } from "../core/ids.ts";
import { checkFiles, checkParameters } from "./agent-checks.ts";
import type { NodeFacts } from "./facts.ts";
import { checkScripts, type FenceDevice, warnOfParameters } from "./fence-devices.ts";
import { DELAY_SECONDS_MAX, WAIT_SECONDS_MAX } from "./limits.ts";
import { sentAttributes } from "./line-list.ts";
import {
  BUILTIN,
  createPair,
  type DeviceParameters,
  type ParameterPair,
  passwordScripts,
} from "./parameters.ts";
import type { Place, Problems } from "./problem.ts";
import { checkRequired } from "./required-parameters.ts";
import { agentTiming, TIMING_NAMES } from "./timing.ts";
import { parseInteger, quoted, SWITCH_WORDS, switchOf, textOf } from "./values.ts";
import type { Attribute, Element } from "./xml.ts";

export interface DeviceContext {
  readonly devices: ReadonlyMap<string, FenceDevice>;
  readonly facts: NodeFacts;
  /** What sealed passwords are opened with; absent: Corosync's own. */
  readonly keyfile: string | undefined;
  readonly problems: Problems;
  /** Names of devices that a line uses; filled while lines are read. */
  readonly used: Set<string>;
}

export interface LinePosition {
  readonly node: NodeName;
  readonly method: number | "unfence";
  readonly device: number;
}

export interface DeviceLine {
  readonly use: DeviceUse;
  readonly parameters: DeviceParameters;
  /** Where the action is written that counts; the line itself when none is. */
  readonly actionPlace: Place;
}

/** The line, or nothing when its device does not exist (said in a problem). */
export function readDeviceLine(
  element: Element,
  position: LinePosition,
  context: DeviceContext,
): DeviceLine | undefined {
  const { devices, problems } = context;
  const name = textOf(element, "name");
  if (name === undefined) return undefined; // Reported as a missing attribute.
  const device = devices.get(name);
  if (device === undefined) {
    const what = `device ${quoted(name)} is no fence device`;
    const expected = devices.size === 0 ? "a <fencedevice> with this name" : "the name of a <fencedevice>";
    problems.error(element.place, what, expected, problems.guess(name, devices.keys()));
    return undefined;
  }
  context.used.add(name);
  checkParameters(element, device.agent, context.facts, problems);
  checkFiles(element, context.facts, problems);
  checkScripts(element, problems);
  warnOfParameters(element, problems);
  warnOfOverrides(element, device, problems);
  const attributes = sentAttributes(element, device);
  const places = { place: element.place, devicePlace: device.element.place };
  checkRequired({ agent: device.agent, device: name, ...places, attributes }, context.facts, problems);
  const action = attributes.findLast((one) => one.name === "action" || one.name === "option");
  const plug = attributes.findLast((one) => one.name === "plug" || one.name === "port");
  const timing = agentTiming(readSeconds(attributes, problems));
  const pairs = sentPairs(element, device, position.node);
  return {
    use: {
      device: name,
      agent: device.agent,
      ...(action === undefined ? {} : { action: normalAction(action.value) }),
      plug: plug?.value ?? "",
      ...timing,
      line: element.place.line,
    },
    parameters: {
      ...position,
      deviceName: name,
      agent: device.agent,
      pairs,
      isNodenameAdded: textOf(element, "nodename") === undefined,
      isExecutable: isSwitchedOff(attributes, problems),
      scripts: passwordScripts(pairs, context.keyfile),
    },
    actionPlace: action?.place ?? element.place,
  };
}

/** Agents read the word in any case, and the names of fabric agents mean the same. */
function normalAction(word: string): string {
  const plain = word.trim().toLowerCase();
  if (plain === "enable") return "on";
  return plain === "disable" ? "off" : plain;
}

/** Byte for byte what the old stack sent: line, `nodename` unless the line has it, fence device. */
function sentPairs(element: Element, device: FenceDevice, node: NodeName): readonly ParameterPair[] {
  const pairs = (from: Element) =>
    from.attributes.filter((one) => one.name !== "name").map((one) => createPair(one.name, one.value));
  const own = pairs(element);
  const named = own.some((pair) => pair.name === "nodename") ? [] : [createPair("nodename", node)];
  return [...own, ...named, ...pairs(device.element)];
}

/** `builtin="0"`. Anything that is no switch would be read as one by chance: it is refused. */
function isSwitchedOff(attributes: readonly Attribute[], problems: Problems): boolean {
  const written = attributes.findLast((one) => one.name === BUILTIN);
  if (written === undefined) return false;
  const value = switchOf(written.value);
  if (value === undefined) {
    problems.error(written.place, `builtin is ${quoted(written.value)}`, SWITCH_WORDS);
  }
  return value === false;
}

function readSeconds(attributes: readonly Attribute[], problems: Problems): ReadonlyMap<string, number> {
  const seconds = new Map<string, number>();
  for (const { name, value, place } of attributes) {
    if (!TIMING_NAMES.includes(name)) continue;
    const max = name === "delay" ? DELAY_SECONDS_MAX : WAIT_SECONDS_MAX;
    const number = parseInteger(value);
    if (number === undefined || number < 0 || number > max) {
      problems.error(place, `${name} is ${quoted(value)}`, `a whole number from 0 to ${max}`);
    } else {
      seconds.set(name, number);
    }
  }
  return seconds;
}

function warnOfOverrides(element: Element, device: FenceDevice, problems: Problems): void {
  for (const { name, place } of element.attributes) {
    const other = device.element.attributes.find((one) => one.name === name && name !== "name");
    if (other === undefined) continue;
    const what = `${name} is written here and on fence device ${quoted(device.name)}, which wins`;
    problems.warn(place, what, `it in one place only (the other is in line ${other.place.line})`);
  }
}
