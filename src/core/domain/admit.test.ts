import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyResource } from "../locks/resource.ts";
import { putResource } from "../locks/table.ts";
import { createRing } from "../ring-harness.ts";
import type { Ring, State, Turn } from "../state.ts";
import { helloOf, incarnationOf, ledgerOf, victimOf } from "../testing.ts";
import { byNode } from "../turn.ts";
import { admitAll, baseWord } from "./admit.ts";

/** Node 1 holds the base; node 2 returns as it was; node 3 was with node 2's side. */
function admit(shots: readonly { readonly node: number; readonly attempt: number }[]): {
  readonly state: State;
  readonly role: string | undefined;
} {
  const boot = createRing([1, 2, 3]).states.get(1) as State;
  const ledger = ledgerOf([1, 3], { victims: [victimOf(2, { sinceAttempt: 9 })], open: false });
  const turn: Turn = { state: { ...boot, ledger }, effects: [], now: { mono: 1, wall: 1 } };
  const claims = shots.map((shot) => ({ ...shot, incarnation: incarnationOf(shot.node) }));
  const hellos = new Map([
    ["1/1", helloOf(1)],
    ["2/1", helloOf(2, { clean: false, previousRing: "b" })],
    ["3/1", helloOf(3, { shots: claims, previousRing: "c" })],
  ]);
  const base = baseWord("1/1", helloOf(1));
  const roles = admitAll(turn, hellos, { keys: ["1/1"], live: true }, base);
  return { state: turn.state, role: roles.get("2/1") };
}

test("whoever was apart is reunited when nobody has begun a shot at it", () => {
  const { state, role } = admit([]);
  assert.equal(role, "reunited");
  assert.equal(byNode(state.ledger.victims, 2), undefined);
});

test("a shot that another side has begun rules the reunion out, and its late result counts", () => {
  const { state, role } = admit([{ node: 2, attempt: 4 }]);
  assert.equal(role, "stray");
  const victim = byNode(state.ledger.victims, 2);
  assert.equal(victim?.begun, true);
  assert.equal(victim?.sinceAttempt, 4);
});

test("a shot of the base's own that is still on its way rules the reunion out, too", () => {
  const boot = createRing([1, 2, 3]).states.get(1) as State;
  const ledger = ledgerOf([1, 3], { victims: [victimOf(2)], open: false });
  const turn: Turn = { state: { ...boot, ledger }, effects: [], now: { mono: 1, wall: 1 } };
  const own = helloOf(1, { shots: [{ node: 2, attempt: 1, incarnation: incarnationOf(2) }] });
  const hellos = new Map([
    ["1/1", own],
    ["2/1", helloOf(2, { clean: false, previousRing: "b" })],
  ]);
  const roles = admitAll(turn, hellos, { keys: ["1/1"], live: true }, baseWord("1/1", own));
  assert.notEqual(roles.get("2/1"), "reunited");
});

test("claim-conflict: whoever claims what another node holds does not come back with it", () => {
  const boot = createRing([1, 2, 3]).states.get(1) as State;
  const claim = { lockspace: "ls", name: "r", id: 7, mode: "EX" as const, owner: "vm" };
  const held = { id: 3, mode: "EX" as const, owner: "vm", node: 1, since: 0 };
  const locks = putResource(boot.ledger.locks, { ...emptyResource("ls", "r"), granted: [held] });
  const ledger = { ...ledgerOf([1, 3], { victims: [victimOf(2)], open: false }), locks };
  const ring = { ...(boot.ring as Ring), claims: new Map([["2/1", [claim]]]) };
  const turn: Turn = { state: { ...boot, ledger, ring }, effects: [], now: { mono: 1, wall: 1 } };
  const hellos = new Map([
    ["1/1", helloOf(1)],
    ["2/1", helloOf(2, { clean: false, previousRing: "b", claims: 1 })],
  ]);
  const roles = admitAll(turn, hellos, { keys: ["1/1"], live: true }, baseWord("1/1", helloOf(1)));
  assert.equal(roles.get("2/1"), "stray");
  assert.ok(turn.effects.some((effect) => effect.type === "log" && effect.code === "claim-conflict"));
});
