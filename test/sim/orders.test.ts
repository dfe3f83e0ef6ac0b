/** Small situations in every order in which their messages, disks, agents and votes can come. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ledgerDigest } from "../../src/core/domain/digest.ts";
import type { NodeId } from "../../src/core/ids.ts";
import { bootModel, type Model, newRing, type Rules, settle } from "../../src/sim/explore/model.ts";
import { type Found, search } from "../../src/sim/explore/search.ts";
import { scenarioConfig } from "../../src/sim/scenario-config.ts";

const VICTIM: NodeId = 3;

interface Question {
  readonly votes?: string;
  readonly blind?: readonly NodeId[];
  readonly delivery: Rules["delivery"];
  /** Told of each situation. */
  readonly onSituation?: (rules: Rules, model: Model) => void;
}

/** The gate of a survivor opens only when the victim is off, or is one of the epoch's members. */
function judge(model: Model, node: NodeId, effect: { readonly type: string }): void {
  if (effect.type !== "thaw") return;
  const { epoch } = model.nodes.get(node)?.core.ledger ?? { epoch: undefined };
  assert.ok(epoch);
  const without = !epoch.members.some((member) => member.node === VICTIM);
  if (without) assert.ok(model.off.has(VICTIM), `I2: node ${node} opens in epoch ${epoch.n}, node 3 is on`);
  const disks = model.durable.get(`${epoch.n}/${epoch.proposer}`) ?? new Set();
  const { config } = model.nodes.get(node)?.core ?? { config: undefined };
  const votes = (config?.nodes ?? [])
    .filter(({ id }) => disks.has(id))
    .reduce((sum, one) => sum + one.votes, 0);
  const all = (config?.nodes ?? []).reduce((sum, one) => sum + one.votes, 0);
  assert.ok(votes > all / 2, `I6: epoch ${epoch.n} is on disks with ${votes} of ${all} votes`);
}

/** Nobody is shot whom the others have let in again (I5). */
function shutBefore(model: Model, node: NodeId): void {
  assert.equal(model.nodes.get(node)?.open, false, `I5: node ${node} is switched off while its gate is open`);
}

/** Whoever has delivered the same holds the same ledger. */
function sameLedgers(model: Model): void {
  const done = model.ring.filter(
    (id) => !model.off.has(id) && model.nodes.get(id)?.delivered === model.order.length,
  );
  const cores = done
    .flatMap((id) => model.nodes.get(id)?.core ?? [])
    .filter(({ ring }) => ring?.phase === "synced");
  const digests = new Set(cores.map(({ ledger }) => ledgerDigest(ledger)));
  assert.ok(digests.size <= 1, `I9: nodes ${done} hold different ledgers`);
}

function ask({ votes, blind = [], delivery, onSituation }: Question): Found {
  const words = new Map([["nodes", "3"], ...(votes === undefined ? [] : [["votes", votes] as const])]);
  const rules: Rules = {
    config: scenarioConfig(words),
    blind,
    busy: [VICTIM],
    delivery,
    judge,
    onOff: shutBefore,
  };
  const open = settle(rules, bootModel(rules));
  assert.ok([...open.nodes.values()].every((node) => node.open));
  const alone = settle(rules, newRing(rules, open, [VICTIM]));
  assert.equal(alone.nodes.get(VICTIM)?.open, false, "the victim freezes by itself");
  return search(rules, newRing(rules, { ...open, rings: 9, nodes: alone.nodes }, [1, 2]), {
    situationsMax: 10_000,
    check(model) {
      sameLedgers(model);
      onSituation?.(rules, model);
    },
  });
}

/** From here on orders that differ as much as they can: the first to come, the last, agents after all else. */
function everyWay(rules: Rules, model: Model): readonly Model[] {
  const ends = [
    settle(rules, model),
    settle(rules, model, (steps) => steps.at(-1)),
    settle(rules, model, (steps) => steps.find(({ name }) => !name.endsWith("run-agent")) ?? steps[0]),
  ];
  for (const end of ends) sameLedgers(end);
  return ends;
}

function assertFenced({ ends }: Found, executors: readonly NodeId[]): void {
  assert.ok(ends.length > 0);
  for (const end of ends) {
    assert.ok(end.off.has(VICTIM));
    for (const id of end.ring) {
      const node = end.nodes.get(id);
      assert.equal(node?.open, true, `node ${id} is held in the end`);
      const incidents = node?.core.ledger.incidents ?? [];
      assert.deepEqual(
        incidents.map((incident) => [incident.node, incident.how]),
        [[VICTIM, "agent"]],
      );
      assert.ok(executors.includes(incidents[0]?.executor ?? 0));
    }
  }
}

test("one fencing with three nodes, in every order of its messages", () => {
  const found = ask({ delivery: "apart" });
  assert.ok(found.situations > 1_000, `${found.situations} situations`);
  assertFenced(found, [1]);
});

test("the same when the first executor reaches no device", () => {
  const found = ask({ delivery: "lockstep", blind: [1] });
  assert.ok(found.situations > 500, `${found.situations} situations`);
  assertFenced(found, [2]);
});

test("the master dies at any point of the fencing", () => {
  let points = 0;
  ask({
    votes: "1,3,1",
    delivery: "lockstep",
    onSituation(rules, model) {
      points++;
      const dead = { ...model, off: new Set(model.off).add(1) };
      for (const end of everyWay(rules, newRing(rules, dead, [2]))) {
        const last = end.nodes.get(2);
        assert.ok(end.off.has(VICTIM) && last?.open, "node 2 goes on alone");
        const closed = last.core.ledger.incidents.map(({ node }) => node).sort();
        assert.deepEqual(closed, [1, VICTIM]);
      }
    },
  });
  assert.ok(points > 400, `${points} points`);
});

test("the victim comes back at any point, shots on their way included", () => {
  const hows = new Set<string>();
  ask({
    delivery: "lockstep",
    onSituation(rules, model) {
      if (model.off.has(VICTIM)) return;
      for (const end of everyWay(rules, newRing(rules, model, [1, 2, VICTIM]))) {
        for (const id of end.ring) {
          // Whoever returns after the shot began is held until it restarts, or the shot hits it.
          const open = end.nodes.get(id)?.open;
          assert.ok(open, `node ${id} is held in the end`);
        }
        const incidents = end.nodes.get(1)?.core.ledger.incidents ?? [];
        for (const { how } of incidents) hows.add(how);
        assert.ok(incidents.length > 0 && incidents.every(({ node }) => node === VICTIM));
      }
    },
  });
  assert.ok(hows.has("agent") && hows.has("reunited"), [...hows].join());
});
