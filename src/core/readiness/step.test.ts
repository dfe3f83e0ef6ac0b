import assert from "node:assert/strict";
import { test } from "node:test";
import { FENCE_DAEMON_DEFAULTS } from "../config.ts";
import { configOf, incarnationOf } from "../testing.ts";
import { refusalOf } from "./alarms.ts";
import type { ReadinessEffect, ReadinessInput, ReadinessState, Situation } from "./state.ts";
import { LOOKS_AT_ONCE_MAX, readinessDeadline, startReadiness, stepReadiness } from "./step.ts";
import type { DeviceIdentity, Look, ReadinessReport } from "./types.ts";

const INTERVAL_MS = 60_000;
type LookEffect = Extract<ReadinessEffect, { type: "look" }>;

/** A member of a cluster in virtual time, whose devices answer as `device` says. */
class Member {
  now = 0;
  state: ReadinessState;
  situation: Situation;
  readonly looks: { at: number; device: string; depth: string }[] = [];
  readonly said: string[] = [];
  readonly told: { at: number; report: ReadinessReport }[] = [];
  device: (name: string) => Partial<Look> = () => ({ power: "on" });
  /** Nodes whose daemons report every ten seconds. */
  heard: number[] = [];

  constructor(count = 3, checkIntervalMs = INTERVAL_MS) {
    const nodes = Array.from({ length: count }, (_, index) => index + 1);
    this.situation = {
      config: configOf(count, { fenceDaemon: { ...FENCE_DAEMON_DEFAULTS, checkIntervalMs } }),
      traits: [],
      members: nodes,
      speaking: new Map(nodes.map((node) => [node, incarnationOf(node)])),
      busy: [],
      ring: "r1",
    };
    this.state = startReadiness(1, this.situation, 0);
  }

  feed(input: ReadinessInput): readonly LookEffect[] {
    const { state, effects } = stepReadiness(this.state, input, this.now);
    this.state = state;
    for (const effect of effects) {
      if (effect.type === "say") this.said.push(`${effect.level} ${effect.code}: ${effect.text}`);
      if (effect.type === "tell") this.told.push({ at: this.now, report: effect.report });
    }
    return effects.filter((effect) => effect.type === "look");
  }

  change(change: Partial<Situation>, isNewView = false): void {
    this.situation = { ...this.situation, ...change };
    this.give({ type: "situation", situation: this.situation, isNewView });
  }

  /** Feeds it, and answers what is asked because of it. */
  give(input: ReadinessInput): void {
    this.answer(this.feed(input));
  }

  lines(): readonly string[] {
    return [...this.said];
  }

  answer(effects: readonly LookEffect[]): void {
    for (const { key, number, watched, identity } of effects) {
      this.looks.push({ at: this.now, device: watched.deviceName, depth: identity });
      const look = { power: "unknown", detail: "", tookMs: 10, ...this.device(watched.deviceName) } as Look;
      this.answer(this.feed({ type: "looked", key, number, look }));
    }
  }

  passUntil(instant: number): void {
    for (;;) {
      const due = Math.min(readinessDeadline(this.state), this.now + 10_000);
      if (due > instant) break;
      this.now = Math.max(this.now, due);
      for (const node of this.heard) {
        this.give({ type: "report", from: node, report: { type: "readiness", entries: [] } });
      }
      this.give({ type: "tick" });
    }
    this.now = instant;
  }
}

test("every device of the others within five seconds, then once an interval; our own never", () => {
  const member = new Member();
  member.passUntil(5_000);
  assert.deepEqual(member.looks.map(({ device }) => device).sort(), ["ilo2", "ilo3"]);
  member.looks.length = 0;
  member.passUntil(15_000 + 10 * INTERVAL_MS);
  for (const name of ["ilo2", "ilo3"]) {
    const at = member.looks.filter(({ device }) => device === name).map((look) => look.at);
    assert.equal(at.length, 10);
    assert.ok(at.slice(1).every((instant, index) => instant - (at[index] ?? 0) === INTERVAL_MS));
  }
  assert.deepEqual(member.lines(), []);
});

test("members do not look at one device at one time, also not after views", () => {
  const members = [1, 2, 3].map((self) => {
    const member = new Member();
    member.state = startReadiness(self, member.situation, 0);
    return member;
  });
  for (const instant of [100_000, 130_000, 310_000]) {
    for (const member of members) {
      member.passUntil(instant);
      member.change({ ring: `r${instant}` }, true);
    }
  }
  for (const member of members) member.passUntil(600_000);
  for (const device of ["ilo1", "ilo2", "ilo3"]) {
    const at = members
      .flatMap((member) => member.looks.filter((look) => look.device === device))
      .map((look) => look.at);
    const late = at.filter((instant) => instant > 400_000).sort((a, b) => a - b);
    assert.ok(late.length >= 6);
    assert.ok(
      late.slice(1).every((instant, index) => instant - (late[index] ?? 0) >= 5_000),
      `${device}: ${late}`,
    );
  }
});

test("silence is looked at twice and then said, within two intervals; the return as well", () => {
  const member = new Member();
  member.passUntil(100_000);
  member.device = (name) =>
    name === "ilo2" ? { kind: "timeout", detail: "timeout: no answer" } : { power: "on" };
  member.passUntil(100_000 + 2 * INTERVAL_MS);
  assert.deepEqual(member.lines(), [
    "warn device-failing: n1 could not fence n2 with ilo2: timeout: no answer",
  ]);
  member.passUntil(100_000 + 6 * INTERVAL_MS);
  assert.equal(member.said.length, 1);
  member.device = () => ({ power: "on" });
  member.passUntil(100_000 + 8 * INTERVAL_MS);
  assert.deepEqual(member.said.slice(1), ["info device-failing-over: ilo2 of n2 answers n1 again"]);
});

test("one lost answer is no event; wrong credentials are one at once, and are not tried twice", () => {
  const member = new Member();
  member.passUntil(10_000);
  let failures = 1;
  member.device = (name) => (name === "ilo2" && failures-- > 0 ? { kind: "timeout" } : { power: "on" });
  member.passUntil(200_000);
  assert.deepEqual(member.lines(), []);
  member.looks.length = 0;
  member.device = (name) =>
    name === "ilo3" ? { kind: "credentials", detail: "credentials: no" } : { power: "on" };
  member.passUntil(320_000);
  assert.equal(member.said.length, 1);
  assert.equal(member.looks.filter(({ device }) => device === "ilo3").length, 2);
});

test("a device that is another node's is an alarm, must not be used, and is asked again soon", () => {
  const member = new Member();
  const uuid = (node: number): string => `0000000${node}-1111-4222-8333-444444444444`;
  for (const node of [2, 3]) {
    const report: ReadinessReport = { type: "readiness", machine: { uuid: uuid(node) }, entries: [] };
    member.give({ type: "report", from: node, report });
  }
  const identity = (node: number): DeviceIdentity => ({ uuids: [uuid(node)] });
  member.device = (name) => ({ power: "on", identity: identity(Number(name.slice(-1))) });
  member.passUntil(100_000);
  assert.deepEqual(member.lines(), []);
  const use = { device: "ilo2", plug: "" };
  assert.equal(refusalOf(member.state, 2, 0, use), undefined);

  member.device = () => ({ power: "on", identity: identity(3) });
  member.passUntil(100_000 + 2 * INTERVAL_MS);
  assert.match(member.said.join(), /^error device-of-another: ilo2 is not n2's, it is n3's \(UUID 00000003-/);
  assert.match(refusalOf(member.state, 2, 0, use) ?? "", /a shot at n2 would hit n3/);
  const told = member.told.at(-1)?.report.entries.find(({ node }) => node === 2);
  assert.deepEqual([told?.standing, told?.alarm?.slice(0, 15)], ["failing", "ilo2 is not n2'"]);
  assert.equal(refusalOf(member.state, 3, 0, { device: "ilo3", plug: "" }), undefined);
  assert.equal(member.looks.findLast(({ device }) => device === "ilo2")?.depth, "brief");

  member.device = (name) => ({ power: "on", identity: identity(Number(name.slice(-1))) });
  member.passUntil(100_000 + 4 * INTERVAL_MS);
  assert.equal(refusalOf(member.state, 2, 0, use), undefined);
  assert.match(member.said.at(-1) ?? "", /^info device-of-another-over/);
});

test("a device that must not be used is looked at also while its node is fenced: it may be mended", () => {
  const member = new Member();
  const machine = { serial: "CZJ2080133" };
  member.give({ type: "report", from: 3, report: { type: "readiness", machine, entries: [] } });
  member.device = () => ({ power: "on", identity: { serial: machine.serial, uuids: [] } });
  member.passUntil(100_000);
  const use = { device: "ilo2", plug: "" };
  assert.match(refusalOf(member.state, 2, 0, use) ?? "", /it is n3's/);
  member.change({ busy: [2] });
  member.device = () => ({ power: "off", identity: { serial: "CZJ2080122", uuids: [] } });
  member.passUntil(100_000 + 2 * INTERVAL_MS);
  assert.equal(refusalOf(member.state, 2, 0, use), undefined);
});

test("a node that is heard long after its device read off: the device must not be used", () => {
  const member = new Member();
  member.passUntil(10_000);
  member.device = (name) => ({ power: name === "ilo2" ? "off" : "on" });
  member.passUntil(200_000);
  assert.deepEqual(member.lines(), [], "it was never heard since");
  member.heard = [2];
  member.passUntil(250_000);
  assert.match(member.said[0] ?? "", /^error device-contradicts: method ilo reads n2 off, and n2 speaks/);
  const use = { device: "ilo2", plug: "" };
  assert.match(refusalOf(member.state, 2, 0, use) ?? "", /another machine's/);

  // Lost: that is when it counts, whatever the device reads now.
  member.heard = [];
  const speaking = new Map([...member.situation.speaking].filter(([node]) => node !== 2));
  member.change({ speaking, members: [1, 3], ring: "r2" }, true);
  member.passUntil(500_000);
  assert.match(refusalOf(member.state, 2, 0, use) ?? "", /another machine's/);
  member.device = () => ({ power: "on" });
  member.passUntil(700_000);
  assert.equal(refusalOf(member.state, 2, 0, use), undefined);
});

test("a node that dies reads off, and nobody doubts its device", () => {
  const member = new Member();
  member.heard = [2, 3];
  member.passUntil(100_000);
  member.device = (name) => ({ power: name === "ilo2" ? "off" : "on" });
  member.heard = [3];
  member.passUntil(160_000); // The view takes its time.
  const speaking = new Map([...member.situation.speaking].filter(([node]) => node !== 2));
  member.change({ speaking, members: [1, 3], ring: "r2" }, true);
  member.passUntil(400_000);
  // It boots: another run of the daemon, and a reading that is not on yet.
  member.change(
    { speaking: new Map([...speaking, [2, incarnationOf(2, 2)]]), members: [1, 2, 3], ring: "r3" },
    true,
  );
  member.heard = [2, 3];
  member.passUntil(420_000);
  member.device = () => ({ power: "on" });
  member.passUntil(900_000);
  assert.deepEqual(member.lines(), []);
});

test("devices of a node that is being fenced are left alone, and of who is no member nobody asks", () => {
  const member = new Member();
  member.passUntil(10_000);
  member.change({ busy: [2] });
  member.looks.length = 0;
  member.passUntil(300_000);
  assert.ok(member.looks.length > 0 && member.looks.every(({ device }) => device === "ilo3"));
  member.change({ busy: [], members: [2, 3] });
  member.looks.length = 0;
  member.passUntil(600_000);
  assert.deepEqual(member.looks, []);
});

test("nobody who is there could: an error of its own, and its end", () => {
  const member = new Member();
  member.passUntil(10_000);
  const entry = {
    node: 2,
    deviceName: "ilo2",
    plug: "",
    power: "unknown",
    tookMs: 1,
    ageMs: 0,
    detail: "x",
  } as const;
  const report = (standing: "failing" | "ready"): ReadinessReport => ({
    type: "readiness",
    entries: [{ ...entry, standing }],
  });
  member.give({ type: "report", from: 3, report: report("failing") });
  assert.deepEqual(member.lines(), []);
  member.device = () => ({ kind: "privilege", detail: "privilege: no" });
  member.passUntil(200_000);
  const said = member.said.filter((line) => line.includes("unfenceable"));
  assert.deepEqual(said, [
    "error unfenceable: no member could fence n2 now: if it is lost, storage stays held until a person acts",
  ]);
  member.give({ type: "report", from: 3, report: report("ready") });
  assert.match(member.said.at(-1) ?? "", /unfenceable-over: n2 can be fenced again/);
});

test("changes are told at once, the rest once an interval; a newcomer does not wait", () => {
  const member = new Member();
  member.give({ type: "machine", machine: { serial: "CZJ1" } });
  member.passUntil(10_000);
  assert.deepEqual(
    member.told.at(-1)?.report.entries.map(({ deviceName, standing }) => `${deviceName} ${standing}`),
    ["ilo2 ready", "ilo3 ready"],
  );
  assert.equal(member.told.at(-1)?.report.machine?.serial, "CZJ1");
  member.told.length = 0;
  member.passUntil(10_000 + 3 * INTERVAL_MS);
  assert.ok(member.told.length >= 2 && member.told.length <= 4, String(member.told.length));
  member.change({ members: [1, 2] });
  member.told.length = 0;
  member.change({ members: [1, 2, 3] });
  const before = member.now;
  member.passUntil(before + 1_000);
  assert.equal(member.told.length, 1);
});

test("reports about devices that the configuration does not have, or of strangers, are passed over", () => {
  const member = new Member();
  const entry = { plug: "", standing: "failing", power: "unknown", tookMs: 1, ageMs: 0, detail: "" } as const;
  const entries = [
    { ...entry, node: 9, deviceName: "ilo2" },
    { ...entry, node: 2, deviceName: "nonsense" },
  ];
  member.give({ type: "report", from: 3, report: { type: "readiness", entries } });
  member.feed({
    type: "report",
    from: 77,
    report: { type: "readiness", machine: { serial: "X1234" }, entries },
  });
  assert.deepEqual([...(member.state.told.get(3)?.keys() ?? [])], []);
  assert.equal(member.state.machines.size, 0);
});

test("another file begins anew, also for looks that are under way; an interval of 0 looks at nothing", () => {
  const member = new Member();
  member.now = 1_000_000;
  const [look] = member.feed({ type: "tick" });
  assert.ok(look !== undefined);
  const config = { ...member.situation.config, digest: "d2" };
  member.feed({ type: "situation", situation: { ...member.situation, config }, isNewView: false });
  member.feed({
    type: "looked",
    key: look.key,
    number: look.number,
    look: { power: "on", detail: "", tookMs: 1 },
  });
  assert.notEqual(member.state.records.get(look.key)?.standing, "ready");
  const silent = new Member(3, 0);
  silent.passUntil(500_000);
  assert.deepEqual(silent.looks, []);
  assert.ok(silent.told.length > 0);
});

test("never more looks at one time than the limit, and the rest follow", () => {
  const member = new Member(64);
  member.now = 1_000_000;
  const first = member.feed({ type: "tick" });
  assert.equal(first.length, LOOKS_AT_ONCE_MAX);
  assert.deepEqual(member.feed({ type: "tick" }), []);
  member.answer(first);
  assert.equal(member.looks.length, 63);
});
