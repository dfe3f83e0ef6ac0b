/**
 * One configuration per epoch, looked at from outside: what every established epoch brought, what the
 * disks hold, what each node goes by, and what was promised to whoever activated it. See I11.
 */
import type { Input } from "../../core/inputs.ts";
import type { EpochRecord } from "../../core/ledger.ts";
import type { State } from "../../core/state.ts";
import type { Inside, SimNode } from "../types.ts";
import { broken } from "./broken.ts";

export interface ConfigJudge {
  onStep(node: SimNode, before: State, input: Input): void;
  onDurable(node: SimNode, epoch: EpochRecord): void;
  onActivated(node: SimNode, version: number, digest: string): void;
  /** The world has healed: nothing that was promised is lost. */
  healed(): void;
}

interface Seen {
  readonly n: number;
  readonly version: number;
  readonly digest: string;
}

export function createConfigJudge(world: () => Inside): ConfigJudge {
  const seen = new Map<string, Seen>();
  /** What each node's edge answered last when it looked at a text. */
  const found = new Map<string, boolean>();
  let promised: Seen | undefined;
  /** Every quorum so far shared a disk with every other. */
  let overlap = true;
  /** A person made a quorum of those who are left: what the others had activated may be lost with them. */
  let isCutOff = false;

  /** A person took the missing for switched off: who is left makes a quorum that overlaps no other. */
  function isLowered(inside: Inside, node: SimNode): boolean {
    const needed = node.told?.quorumVotes ?? Number.POSITIVE_INFINITY;
    if (2 * needed > inside.config.nodes.reduce((sum, one) => sum + one.votes, 0)) return false;
    isCutOff = !inside.config.twoNode;
    return true;
  }

  /**
   * A configuration needs most disks. With a device of so many votes that others are a quorum with it, these
   * know nothing of it: the last man standing may be another one. Source: docs/protocol-config.md, 4.
   */
  function maybeForgotten(): boolean {
    const { options, config } = world();
    const device = options.deviceVotes ?? 0;
    const all = config.nodes.reduce((sum, node) => sum + node.votes, 0);
    const others = all - (Math.floor(all / 2) + 1);
    return device > 0 && others + device >= Math.floor((all + device) / 2) + 1;
  }

  function onEstablished(node: SimNode, epoch: EpochRecord): void {
    const inside = world();
    const { version, digest } = epoch.config;
    // Where a quorum of disks is no majority, numbers may meet: then the proposer tells epochs apart.
    const byDevice = (inside.options.deviceVotes ?? 0) > 0;
    if (inside.config.twoNode || byDevice || isLowered(inside, node)) overlap = false;
    const key = `${epoch.n}/${epoch.proposer}`;
    const same = [...seen.values()].filter(({ n }) => n === epoch.n);
    const known = overlap ? same[0] : seen.get(key);
    if (known?.digest === digest) return;
    const at = `at ${inside.queue.now()} ms node ${node.id}`;
    if (known !== undefined) {
      broken("I11", `${at} has version ${version} in epoch ${epoch.n}, others version ${known.version}`);
    }
    seen.set(key, { n: epoch.n, version, digest });
    if (isCutOff || maybeForgotten()) return;
    for (const other of seen.values()) {
      const back = other.n < epoch.n ? other.version > version : other.n > epoch.n && other.version < version;
      if (back)
        broken(
          "I11",
          `${at}: epoch ${epoch.n} has version ${version}, epoch ${other.n} version ${other.version}`,
        );
    }
    if (promised !== undefined && version < promised.version) {
      broken(
        "I11",
        `${at}: epoch ${epoch.n} has version ${version} after somebody was told that version ${promised.version} is in force`,
      );
    }
  }

  /** What was staged is wished for: every member has found it good where it is, and nobody is being shot at. */
  function needConsent(node: SimNode, before: State, core: State): void {
    const { wish } = core.ledger.configs;
    if (wish === undefined || before.ledger.configs.wish !== undefined) return;
    if (wish.digest !== before.ledger.configs.staged?.digest) return;
    const against = core.ledger.members.find((member) => found.get(`${member.node} ${wish.digest}`) !== true);
    if (against !== undefined) {
      broken(
        "I11",
        `node ${node.id} lets version ${wish.version} pass, which node ${against.node} did not find good`,
      );
    }
    const shot = core.ledger.victims.find((victim) => victim.stage === "fencing");
    if (shot === undefined) return;
    broken(
      "I11",
      `node ${node.id} lets version ${wish.version} pass while node ${shot.node} is being fenced`,
    );
  }

  return {
    onStep(node, before, input) {
      const { core } = node;
      if (core === undefined) return;
      if (input.type === "config-weighed") found.set(`${node.id} ${input.digest}`, input.ok);
      needConsent(node, before, core);
      const { ledger } = core;
      if (ledger.established && ledger.epoch !== before.ledger.epoch) onEstablished(node, ledger.epoch);
      if (core.config === before.config && ledger.epoch === before.ledger.epoch) return;
      const { digest, version } = ledger.epoch.config;
      if (!ledger.established || core.config.digest === digest || core.desk.awaits === digest) return;
      if (core.desk.read.get(digest)?.ok === false || !node.texts.has(digest)) return;
      broken(
        "I11",
        `node ${node.id} goes by version ${core.config.version}, its epoch ${ledger.epoch.n} has ${version}`,
      );
    },
    onDurable(node, epoch) {
      const { digest, version } = epoch.config;
      if (digest === "" || node.disk.texts.has(digest)) return;
      broken(
        "I11",
        `node ${node.id} has epoch ${epoch.n} on its disk without the text of version ${version}`,
      );
    },
    healed() {
      if (isCutOff || maybeForgotten()) return;
      for (const { id, core } of world().list) {
        if (core === undefined || promised === undefined) continue;
        const { version } = core.ledger.epoch.config;
        if (version >= promised.version) continue;
        broken(
          "I11",
          `node ${id} ends with version ${version}, somebody was told that version ${promised.version} is in force`,
        );
      }
    },
    onActivated(node, version, digest) {
      const n = node.core?.ledger.epoch.n ?? 0;
      if (promised === undefined || version > promised.version) promised = { n, version, digest };
    },
  };
}
