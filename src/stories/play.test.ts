import assert from "node:assert/strict";
import { test } from "node:test";
import { STORIES } from "./all.ts";
import { playAll, playStory, type StoryLine } from "./play.ts";
import { formatLine } from "./shared-file.ts";
import type { Stage, Story } from "./stage.ts";

const write = (nodeId: number, epoch: number, members: readonly number[]): string =>
  formatLine({ mark: 1, nodeId, node: `tpve0${nodeId}`, boot: "b", epoch, members, sequence: 1 });

function storyThat(play: Story["play"], name = "example"): Story {
  return { name, claim: "", runsIn: ["demo"], options: { nodes: 3 }, play };
}

const good = storyThat(async () => ({ timings: { thaw_ms: 5 }, why: ["because"] }));

function theatre(sharedText = "") {
  const seen: string[] = [];
  const stage = { sharedText: async () => sharedText } as Stage;
  const open = async () => ({ stage, close: async () => void seen.push("closed") });
  const onFailure = async (): Promise<void> => void seen.push("failed");
  return { seen, options: { open, onFailure } };
}

test("a story that ends as it should is ok, with its times and reasons", async () => {
  const { seen, options } = theatre();
  const line = await playStory(good, options);
  assert.deepEqual(line, { story: "example", nodes: 3, ok: true, timings: { thaw_ms: 5 }, why: ["because"] });
  assert.deepEqual(seen, ["closed"]);
});

test("a story that throws, and one that the shared file convicts, are not ok; the stage is closed", async () => {
  const thrown = theatre();
  const claimed = storyThat(async () => {
    throw new Error("the door is open");
  });
  assert.equal((await playStory(claimed, thrown.options)).problem, "the door is open");
  assert.deepEqual(thrown.seen, ["failed", "closed"]);

  const written = theatre(write(1, 2, [1]) + write(2, 1, [1, 2]) + write(2, 1, [1, 2]));
  const line = await playStory(good, written.options);
  assert.equal(line.ok, false);
  assert.match(line.problem ?? "", /tpve02 wrote under epoch 1/);
  assert.deepEqual(written.seen, ["failed", "closed"]);
});

test("a stage that cannot be opened is a story that failed", async () => {
  const open = async () => {
    throw new Error("no hub");
  };
  assert.equal((await playStory(good, { open, onFailure: async () => {} })).problem, "no hub");
});

test("all are played, not more at once than allowed, and counted", async () => {
  const { options } = theatre();
  let now = 0;
  let most = 0;
  const busy = storyThat(async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now -= 1;
    return { timings: {}, why: [] };
  });
  const bad = storyThat(async () => Promise.reject(new Error("no")), "bad");
  const lines: StoryLine[] = [];
  const onLine = (line: StoryLine): void => void lines.push(line);
  const result = await playAll([busy, bad, busy, busy], { ...options, atOnce: 2, onLine });
  assert.deepEqual(result, { stories: 4, passed: 3 });
  assert.equal(lines.length, 4);
  assert.equal(most, 2);
});

test("the names of the stories are fixed and told once each", () => {
  const names =
    "ifdown crash hang daemon-crash manual fallback executor-blind stuck-and-free slow-agent lying-agent " +
    "wrong-device clean-leave averted external no-quorum two-node reunited cold-start cold-start-unknown hung-disk master-dies all-at-once config-life config-unconfirmed " +
    "lock-counter lvm-concurrent lvm-fence lvm-daemon-restart lvm-crash";
  assert.deepEqual(
    STORIES.map((story) => story.name),
    names.split(" "),
  );
});
