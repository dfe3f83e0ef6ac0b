/** Fence devices by what their agents are given. Values are shown of names that never hold a secret. */
import { plainName, sameParameter } from "../agent-names.ts";
import type { AgentParameters, ParameterPair } from "../parameters.ts";
import type { Changes, Subject } from "./change.ts";

interface Device {
  readonly agent: string;
  readonly pairs: readonly ParameterPair[];
}

/** Only devices that a line uses are given to anybody; what all its lines get is the device's own. */
export function diffDevices(before: AgentParameters, after: AgentParameters, changes: Changes): void {
  const [old, now] = [devicesOf(before), devicesOf(after)];
  for (const [name, device] of now) {
    const was = old.get(name);
    const subject: Subject = { type: "device", device: name };
    if (was === undefined) changes.add(subject, "plain", `fence device ${name} is new: ${device.agent}`);
    else diffDevice(name, was, device, changes);
  }
  for (const name of old.keys()) {
    if (!now.has(name))
      changes.add({ type: "device", device: name }, "plain", `fence device ${name} is gone`);
  }
}

function diffDevice(name: string, was: Device, device: Device, changes: Changes): void {
  const subject: Subject = { type: "device", device: name };
  if (was.agent !== device.agent) {
    const text = `fence device ${name} is driven by ${device.agent} instead of ${was.agent}`;
    changes.add(subject, "watch", text, "try it: bouncer check");
  }
  const names = [...new Set([...was.pairs, ...device.pairs].map((pair) => pair.name))];
  for (const one of names) {
    const [a, b] = [textOf(was, one), textOf(device, one)];
    if (a === b) continue;
    const weight = isAddress(one) ? "watch" : "plain";
    changes.add(subject, weight, `fence device ${name}: ${parameterText(one, a, b)}`, effectOf(one));
  }
}

/** Where an agent is sent decides which machine it cuts off. */
function isAddress(name: string): boolean {
  return ["ip", "ipport", "systems_uri"].some((one) => sameParameter(name, one));
}

function effectOf(name: string): string | undefined {
  return isAddress(name) ? "it could cut off another machine: bouncer check" : undefined;
}

/** Names whose values may be shown; a mistyped name could hold a password. */
const SHOWN: ReadonlySet<string> = new Set(
  (
    "ip ipaddr hostname ipport plug port username login action delay power_wait power_timeout login_timeout " +
    "shell_timeout retry_on lanplus cipher privlvl auth ssl ssl_insecure ssl_secure notls ssh secure ribcl " +
    "ribcl_version passwd_script password_script passwd_file password_file identity_file method systems_uri " +
    "redfish_uri inet4_only inet6_only switch udpport snmp_version builtin"
  ).split(" "),
);

function parameterText(name: string, was: string | undefined, now: string | undefined): string {
  if (!SHOWN.has(plainName(name))) {
    return `${name} ${was === undefined ? "is new" : now === undefined ? "is gone" : "has another value"}`;
  }
  return `${name} is ${now ?? "not given"}, it was ${was ?? "not given"}`;
}

function textOf({ pairs }: Device, name: string): string | undefined {
  const value = pairs.findLast((pair) => pair.name === name)?.value;
  return value === undefined || typeof value === "string" ? value : value.reveal();
}

/** Part of what the methods say, wherever it is written. */
const TOLD_WITH_THE_NODE: ReadonlySet<string> = new Set(
  "nodename agent action option plug port delay".split(" "),
);

function devicesOf({ all }: AgentParameters): ReadonlyMap<string, Device> {
  const devices = new Map<string, Device>();
  for (const { deviceName, agent, pairs } of all) {
    const known = devices.get(deviceName);
    const own = pairs.filter(({ name }) => !TOLD_WITH_THE_NODE.has(name));
    devices.set(deviceName, { agent, pairs: known === undefined ? own : shared(known.pairs, own) });
  }
  return devices;
}

/** What both lines are given: of the device itself, since lines differ in outlet and action. */
function shared(a: readonly ParameterPair[], b: readonly ParameterPair[]): readonly ParameterPair[] {
  const text = ({ value }: ParameterPair) => (typeof value === "string" ? value : value.reveal());
  return a.filter((one) => b.some((two) => two.name === one.name && text(two) === text(one)));
}
