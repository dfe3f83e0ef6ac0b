/**
 * What one daemon's core works during a view change: from the view to "notes compared", all hellos
 * weighed. The history must not matter: the ledger keeps the last 256 incidents and its digest
 * covers the chain's head only; whatever is older is in the journal alone.
 */
import { bootState } from "../src/core/boot.ts";
import { incidentHash } from "../src/core/fencing/incidents.ts";
import type { Now } from "../src/core/ids.ts";
import { EPOCH_NONE, INCIDENTS_KEPT, type Incident } from "../src/core/ledger.ts";
import type { Hello } from "../src/core/messages.ts";
import type { State } from "../src/core/state.ts";
import { step } from "../src/core/step.ts";
import { configFor } from "./cluster.ts";
import type { Bench } from "./report.ts";

const ROUNDS = 200;

function incidentsOf(count: number): readonly Incident[] {
  const incidents: Incident[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const body = {
      seq,
      node: 2,
      name: "n2",
      incarnation: { boot: `b${seq}`, start: "1" },
      epoch: seq,
      cause: "node-down",
      how: "agent",
      firstSeenAt: seq,
      doneAt: seq + 1,
      attempts: 1,
      steps: [],
      evidence: [{ grade: "A", source: "ilo-02 read off twice (asked by n1)", at: seq, by: 1 }],
      executor: 1,
      configVersion: 1,
      previousHash: incidents.at(-1)?.hash ?? "",
    } as const;
    incidents.push({ ...body, hash: incidentHash(body) });
  }
  return incidents;
}

interface Subject {
  readonly feedViewChange: () => number;
}

/** Daemon 1 of a cluster whose last node comes and goes. */
function subjectOf(nodes: number, incidents: number): Subject {
  const config = configFor(nodes);
  const ids = config.nodes.map(({ id }) => id);
  const now: Now = { mono: 0, wall: 1 };
  const durable = {
    epoch: EPOCH_NONE,
    configs: [],
    incidents: incidentsOf(incidents).slice(-INCIDENTS_KEPT),
  };
  const boot = {
    nodeId: 1,
    processId: "1",
    incarnation: { boot: "b1", start: "1" },
    durable,
    config,
    file: { version: config.version, digest: config.digest },
    holds: [config.digest],
    traits: [],
    join: false,
  };
  let state: State = bootState(boot, now).state;
  let ring = 0;
  const refs = ids.map((nodeId) => ({ nodeId, processId: "1" }));

  function change(present: typeof refs, joined: typeof refs, left: typeof refs): number {
    const ringId = `r${++ring}`;
    const begun = performance.now();
    const view = step(
      state,
      {
        type: "view",
        ringId,
        members: present,
        joined,
        left: left.map((l) => ({ ...l, reason: "leave" as const })),
      },
      now,
    );
    state = view.state;
    const sent = view.effects.find((effect) => effect.type === "multicast");
    if (sent?.type !== "multicast") throw new Error("a view without a hello");
    const own = sent.message.body as Hello;
    for (const from of present) {
      const hello: Hello = {
        ...own,
        name: `n${from.nodeId}`,
        incarnation: { boot: `b${from.nodeId}`, start: "1" },
      };
      const input = {
        type: "deliver",
        from,
        message: { ring: ringId, body: from.nodeId === 1 ? own : hello },
      } as const;
      const next = step(state, input, now);
      state = next.state;
      for (const effect of next.effects) {
        if (effect.type !== "multicast" || effect.message.body.type !== "snapshot") continue;
        state = step(
          state,
          { type: "deliver", from: refs[0] as (typeof refs)[number], message: effect.message },
          now,
        ).state;
      }
    }
    if (state.ring?.phase !== "synced") throw new Error("notes were not compared");
    return performance.now() - begun;
  }

  change(refs, refs, []);
  const last = refs.slice(-1);
  const rest = refs.slice(0, -1);
  return {
    feedViewChange() {
      const took = change(rest, [], last);
      change(refs, last, []);
      return took;
    },
  };
}

function measure(subject: Subject): readonly number[] {
  for (let i = 0; i < ROUNDS / 4; i++) subject.feedViewChange();
  return Array.from({ length: ROUNDS }, () => subject.feedViewChange());
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] as number;
}

export const run: Bench = (report) => {
  const small = measure(subjectOf(3, 0));
  const smallHistory = measure(subjectOf(3, 10_000));
  const large = measure(subjectOf(32, 0));
  const largeHistory = measure(subjectOf(32, 10_000));
  report.samples("view change, 3 nodes, no history", small, "ms");
  report.samples("view change, 3 nodes, 10,000 incidents", smallHistory, "ms");
  report.samples("view change, 32 nodes, no history", large, "ms");
  report.samples("view change, 32 nodes, 10,000 incidents", largeHistory, "ms");
  report.ratio("3 nodes: 10,000 incidents against none", median(smallHistory), median(small));
  report.ratio("32 nodes: 10,000 incidents against none", median(largeHistory), median(large));
  report.ratio(
    "per hello: 32 nodes with history against 3 without",
    median(largeHistory) / 31,
    median(small) / 2,
  );
};
