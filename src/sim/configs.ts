/** Texts of configurations in the simulated world: who holds which, and what each node says of them. */
import type { ClusterConfig } from "../core/config.ts";
import type { Effect } from "../core/effects.ts";
import { SIM_TRAITS } from "./devices.ts";
import type { Inside, SimNode } from "./types.ts";

/** Reading a text: another thread's work. Looking at it: the agents'. */
const READ_MS = 3;
const WEIGH_MS = 400;

/** A text that somebody wrote; whoever holds its digest holds it. */
export function keepText(inside: Inside, config: ClusterConfig): void {
  inside.texts.set(config.digest, config);
}

/** What the daemon begins with: the text of its newest epoch, or the file on its disk. */
export function firstConfig(inside: Inside, node: SimNode): ClusterConfig {
  const { digest } = node.disk.epoch.config;
  const durable = node.disk.texts.has(digest) ? inside.texts.get(digest) : undefined;
  return durable ?? node.file;
}

export function readConfig(inside: Inside, node: SimNode, start: number, digest: string): void {
  const config = node.texts.has(digest) ? inside.texts.get(digest) : undefined;
  const bad = node.weighing === "cannot-read" && digest !== node.file.digest;
  inside.queue.at(inside.queue.now() + inside.vary(READ_MS), () => {
    if (config === undefined || bad) {
      inside.feed(node, start, { type: "config-read", digest, ok: false, problem: "it makes no sense here" });
    } else {
      inside.feed(node, start, {
        type: "config-read",
        digest,
        ok: true,
        config,
        traits: inside.options.traits ?? SIM_TRAITS,
      });
    }
  });
}

export function weighConfig(inside: Inside, node: SimNode, start: number, digest: string): void {
  if (node.weighing === "silent") return;
  const ok = node.weighing === "ok";
  const problems = ok ? [] : ["fence_sim does not answer here"];
  inside.queue.at(inside.queue.now() + inside.vary(WEIGH_MS), () =>
    inside.feed(node, start, { type: "config-weighed", digest, ok, problems }),
  );
}

export function makeConfig(
  inside: Inside,
  node: SimNode,
  start: number,
  { from, version }: Effect & { type: "make-config" },
): void {
  const old = node.texts.has(from) ? inside.texts.get(from) : undefined;
  inside.queue.at(inside.queue.now() + inside.vary(READ_MS), () => {
    if (old === undefined) {
      inside.feed(node, start, {
        type: "config-made",
        from,
        version,
        ok: false,
        problem: "its text is away",
      });
      return;
    }
    const digest = `${from.replace(/ #\d+$/, "")} #${version}`;
    keepText(inside, { ...old, version, digest });
    node.texts.add(digest);
    inside.feed(node, start, { type: "config-made", from, version, ok: true, digest });
  });
}
