/** What is wrong by now, in words. An event is said when one comes, and when it is gone. */
import { nodeNameOf } from "../config.ts";
import { type Millis, type NodeId, sameIncarnation } from "../ids.ts";
import { type IdentityVerdict, verdictOn } from "./identity.ts";
import type { DeviceRecord } from "./record.ts";
import type { Alarm, ReadinessState } from "./state.ts";
import { keysOfMethod } from "./watched.ts";

export function alarmsOf(state: ReadinessState): readonly Alarm[] {
  const own = [
    ...[...state.records].flatMap(([key, record]) => ofDevice(state, key, record)),
    ...state.config.nodes.flatMap(({ id }) => contradictions(state, id)),
  ];
  return [...own, ...state.config.nodes.flatMap(({ id }) => unfenceable(state, own, id))];
}

function ofDevice(state: ReadinessState, key: string, record: DeviceRecord): readonly Alarm[] {
  const { watched, standing, last } = record;
  const { node, deviceName: device } = watched;
  const who = nodeNameOf(state.config, state.self);
  const name = nodeNameOf(state.config, node);
  const alarms: Alarm[] = [];
  if (standing === "failing") {
    alarms.push({
      id: `failing ${key}`,
      level: "warn",
      code: "device-failing",
      node,
      key,
      text: `${who} could not fence ${name} with ${device}: ${last?.detail ?? "no answer"}`,
      goneText: `${device} of ${name} answers ${who} again`,
    });
  }
  if (last?.notice !== undefined) {
    alarms.push({
      id: `notice ${key}`,
      level: "warn",
      code: "password-old",
      node,
      key,
      text: `${device} of ${name}: ${last.notice}`,
      goneText: `${device} of ${name}: its password could be read again`,
    });
  }
  const verdict = verdictOn(node, record.identity, state.machines);
  const text = identityText(state, device, name, verdict);
  if (text !== undefined) {
    alarms.push({
      id: `identity ${key} ${verdict.type}`,
      level: verdict.type === "other" ? "error" : "warn",
      code: verdict.type === "other" ? "device-of-another" : "device-unknown",
      node,
      key,
      text,
      goneText: `${device} does not contradict any more that it is ${name}'s`,
    });
  }
  return alarms;
}

function identityText(
  state: ReadinessState,
  device: string,
  name: string,
  verdict: IdentityVerdict,
): string | undefined {
  if (verdict.type === "other") {
    const owner = nodeNameOf(state.config, verdict.node);
    return `${device} is not ${name}'s, it is ${owner}'s (${verdict.by}): a shot at ${name} would hit ${owner}`;
  }
  if (verdict.type !== "stranger") return undefined;
  return `${device} may not be ${name}'s: it says ${verdict.says}, ${name} itself says ${verdict.wanted}`;
}

/** All devices of a method read off while the node speaks: off is not true of it, or they are another's. */
function contradictions(state: ReadinessState, node: NodeId): readonly Alarm[] {
  const methods = state.config.nodes.find(({ id }) => id === node)?.methods ?? [];
  return methods.flatMap(({ name: method }, index) => {
    if (!isContradicted(state, node, index)) return [];
    const name = nodeNameOf(state.config, node);
    return [
      {
        id: `contradicts ${node} ${index}`,
        level: "error" as const,
        code: "device-contradicts",
        node,
        text: `method ${method} reads ${name} off, and ${name} speaks: its devices are another machine's, or say what is not so`,
        goneText: `method ${method} does not read ${name} off any more while it speaks`,
      },
    ];
  });
}

/** Units: ms. A node that was heard this long after its device read off was not off: no message waits so long. */
const HEARD_AFTER_MS: Millis = 30_000;

function isContradicted(state: ReadinessState, node: NodeId, method: number): boolean {
  const heard = state.heard.get(node);
  const keys = keysOfMethod(state.config, node, method);
  return (
    heard !== undefined &&
    keys.length > 0 &&
    keys.every((key) => {
      const { offSince, offOf } = state.records.get(key) ?? {};
      return (
        offSince !== undefined &&
        heard.at >= offSince + HEARD_AFTER_MS &&
        sameIncarnation(offOf, heard.incarnation)
      );
    })
  );
}

/** No member that is there could fence the node by any method. Unknown counts as possible. */
function unfenceable(state: ReadinessState, own: readonly Alarm[], node: NodeId): readonly Alarm[] {
  const methods = state.config.nodes.find(({ id }) => id === node)?.methods ?? [];
  const shooters = state.members.filter((member) => member !== node);
  if (methods.length === 0 || shooters.length === 0 || !state.members.includes(state.self)) return [];
  const isHopeless = (member: NodeId): boolean =>
    methods.every((_, method) =>
      keysOfMethod(state.config, node, method).some(
        (key) =>
          standingOf(state, member, key) === "failing" ||
          (member === state.self && isDistrusted(own, node, key)),
      ),
    );
  if (!shooters.every(isHopeless)) return [];
  const name = nodeNameOf(state.config, node);
  return [
    {
      id: `unfenceable ${node}`,
      level: "error",
      code: "unfenceable",
      node,
      text: `no member could fence ${name} now: if it is lost, storage stays held until a person acts`,
      goneText: `${name} can be fenced again`,
    },
  ];
}

function standingOf(state: ReadinessState, member: NodeId, key: string): string {
  if (member === state.self) return state.records.get(key)?.standing ?? "unknown";
  return state.told.get(member)?.get(key)?.entry.standing ?? "unknown";
}

/**
 * Why this line must not be used, although it might answer: what it reads is about another machine, and
 * to believe it could call a node fenced that still writes.
 */
export function refusalOf(
  state: ReadinessState,
  node: NodeId,
  method: number,
  use: { readonly device: string; readonly plug: string } | undefined,
): string | undefined {
  if (use === undefined) return undefined;
  const key = `${node} ${use.device} ${use.plug}`;
  const isOfAnother = (alarm: Alarm): boolean => alarm.code === "device-of-another" && alarm.key === key;
  const isOff = (alarm: Alarm): boolean => alarm.id === `contradicts ${node} ${method}`;
  return state.alarms.find((alarm) => isOfAnother(alarm) || isOff(alarm))?.text;
}

/** In place of what it reads. */
export const NOT_USED = "it is not used: what it reads is not about this node";

/** Devices that must not be used are looked at also while their node is fenced: else nobody would see them mended. */
export function isDistrusted(alarms: readonly Alarm[], node: NodeId, key: string): boolean {
  return alarms.some(
    (alarm) =>
      alarm.node === node &&
      (alarm.code === "device-contradicts" || (alarm.code === "device-of-another" && alarm.key === key)),
  );
}

/** The same where it is not known which of the node's devices it is. */
export function anyRefusalOf(state: ReadinessState, node: NodeId): string | undefined {
  const codes = ["device-of-another", "device-contradicts"];
  return state.alarms.find((alarm) => alarm.node === node && codes.includes(alarm.code))?.text;
}
