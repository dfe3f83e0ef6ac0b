/** Who is asked to look at a volume's new size, whose answers count, and what is run for others. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { NodeId } from "../../core/ids.ts";
import type { VolumeRefresh, VolumeRefreshed } from "../../core/locks/volumes.ts";
import type { ExecRequest, ExecResult } from "../../ports/exec.ts";
import { createRefresher } from "./refresh.ts";

const PATH = "/dev//san0/vm-1";
const SPACE = "lvm_san0";
const UUID = "uuid-1";

interface Case {
  readonly holders?: readonly NodeId[];
  readonly isAway?: true;
  readonly isMissing?: true;
  readonly run?: (request: ExecRequest) => Promise<Partial<ExecResult>>;
}

/** Node 1, as its own refresher sees it. */
function open({ holders = [1, 2, 3], isAway, isMissing, run = async () => ({ exitCode: 0 }) }: Case = {}) {
  const told: (VolumeRefresh | VolumeRefreshed)[] = [];
  const ran: ExecRequest[] = [];
  const none = { head: "", tail: "", bytesLost: 0 };
  const refresher = createRefresher({
    self: () => 1,
    nameOf: (node) => `n${node}`,
    holders: (lockspace, uuid) => (lockspace === SPACE && uuid === UUID ? holders : []),
    tell(body) {
      if (isAway !== true) told.push(body);
      return isAway !== true;
    },
    exec: {
      find: async (name) => (isMissing === true ? undefined : { file: `/sbin/${name}`, stamp: "" }),
      async run(request) {
        ran.push(request);
        const base = { timedOut: false, cancelled: false, stdout: none, stderr: none, tookMs: 1 };
        return { ...base, ...(await run(request)) };
      },
    },
  });
  return { ...refresher, told, ran };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const answer = (number: number, problem?: string, of = 1): VolumeRefreshed => ({
  type: "volume-refreshed",
  of,
  number,
  ...(problem === undefined ? {} : { problem }),
});

async function isOpen(asking: Promise<unknown>): Promise<boolean> {
  let open = true;
  void asking.then(() => (open = false));
  await settle();
  return open;
}

test("a volume that nobody has needs nobody, and one that nobody can be told of has a problem", async () => {
  const alone = open({ holders: [] });
  assert.deepEqual(await alone.ask(SPACE, UUID, PATH), []);
  assert.equal(alone.told.length, 0);
  assert.deepEqual(await open({ isAway: true }).ask(SPACE, UUID, PATH), [
    "the other nodes cannot be asked now",
  ]);
});

test("an ask is over when every holder has answered, and says whose look went wrong", async () => {
  const { ask, onMessage, told } = open();
  const asking = ask(SPACE, UUID, PATH);
  assert.deepEqual(told, [{ type: "volume-refresh", number: 1, lockspace: SPACE, uuid: UUID, path: PATH }]);
  onMessage(1, answer(1));
  onMessage(2, answer(1, "no such volume"));
  assert.equal(await isOpen(asking), true);
  onMessage(3, answer(1));
  assert.deepEqual(await asking, ["n2: no such volume"]);
});

test("only the first answer of a holder counts, and only to this ask", async () => {
  const { ask, onMessage } = open({ holders: [2, 3] });
  const asking = ask(SPACE, UUID, PATH);
  onMessage(2, answer(1));
  for (const stray of [answer(1, "twice"), answer(2), answer(1, "of another node", 3)]) onMessage(2, stray);
  onMessage(4, answer(1, "of a stranger"));
  onMessage(3, answer(1, undefined, 2));
  onMessage(3, answer(7));
  assert.equal(await isOpen(asking), true);
  onMessage(3, answer(1));
  assert.deepEqual(await asking, []);
  onMessage(3, answer(1, "late")); // Nobody waits any more.
});

test("who does not answer is named after a bound", async (t: TestContext) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { ask, onMessage } = open();
  const asking = ask(SPACE, UUID, PATH);
  onMessage(1, answer(1));
  onMessage(3, answer(1, "busy"));
  t.mock.timers.tick(24_999);
  assert.equal(await isOpen(asking), true);
  t.mock.timers.tick(1);
  assert.deepEqual(await asking, ["n3: busy", "n2 did not answer"]);
});

/** Asked by node 2; resolves with what it is told. */
async function asked(one: Case, path = PATH) {
  const { onMessage, told, ran } = open(one);
  onMessage(2, { type: "volume-refresh", number: 9, lockspace: SPACE, uuid: UUID, path });
  for (let turn = 0; turn < 5; turn++) await settle();
  return { told, ran };
}

test("a holder looks at the metadata again, without a lock, and says so", async () => {
  const { told, ran } = await asked({});
  assert.deepEqual(told, [{ type: "volume-refreshed", of: 2, number: 9 }]);
  const args = ["lvchange", "--refresh", "--partial", "--nolocking", "san0/vm-1"];
  assert.deepEqual(
    ran.map(({ file, args: given }) => [file, given]),
    [["/sbin/lvm", args]],
  );
});

test("who does not hold the volume runs nothing and says nothing", async () => {
  assert.deepEqual(await asked({ holders: [2, 3] }), { told: [], ran: [] });
});

test("what went wrong is told in a line that fits", async () => {
  const problemOf = async (one: Case, path?: string) => {
    const [body] = (await asked(one, path)).told;
    return body?.type === "volume-refreshed" ? body.problem : undefined;
  };
  const says = (head: string) => async () => ({ exitCode: 5, stderr: { head, tail: "", bytesLost: 0 } });
  assert.equal(await problemOf({ run: says("WARNING: x\n  not found\n") }), "lvchange --refresh: not found");
  assert.equal((await problemOf({ run: says("x".repeat(999)) }))?.length, 200);
  assert.equal(
    await problemOf({ run: async () => ({ timedOut: true }) }),
    "lvchange --refresh took too long",
  );
  assert.equal(await problemOf({ run: async () => ({ problem: "not allowed" }) }), "not allowed");
  assert.equal(await problemOf({ isMissing: true }), "LVM is not installed");
});

test("no text but a volume's path reaches a command line", async () => {
  for (const path of [
    "",
    "san0/vm-1",
    "/dev/san0/--help",
    "/dev/san0/a b",
    "/dev/san0/a/b",
    "/dev/../etc/x",
  ]) {
    const { told, ran } = await asked({}, path);
    assert.deepEqual([ran, told], [[], [{ ...answer(9, "no path of a volume", 2) }]], path);
  }
});

test("asks have a limit, and make room when they are done", async () => {
  const waiting: ((end: Partial<ExecResult>) => void)[] = [];
  const { onMessage, told, ran } = open({ run: () => new Promise((resolve) => waiting.push(resolve)) });
  const one = (number: number) =>
    onMessage(2, { type: "volume-refresh", number, lockspace: SPACE, uuid: UUID, path: PATH });
  for (let number = 1; number <= 33; number++) one(number);
  await settle();
  assert.equal(ran.length, 32);
  assert.deepEqual(told, [answer(33, "more than 32 at once", 2)]);
  for (const end of waiting.splice(0)) end({ exitCode: 0 });
  await settle();
  one(34);
  await settle();
  assert.equal(ran.length, 33);
});
