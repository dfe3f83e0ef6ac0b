import assert from "node:assert/strict";
import { describe, it, mock, type TestContext } from "node:test";
import { CS } from "./cs.ts";
import { createSendQueue, SEND_QUEUE } from "./send-queue.ts";

/** A Corosync that takes what `isOpen` allows. */
function setUp(t: TestContext) {
  mock.timers.enable({ apis: ["setTimeout", "setImmediate"] });
  t.after(() => mock.timers.reset());
  const world = {
    code: CS.ok as number,
    sent: [] as number[],
    tries: 0,
    drained: 0,
    failures: [] as string[],
  };
  const queue = createSendQueue({
    send(payload) {
      world.tries += 1;
      if (world.code === CS.ok) world.sent.push(payload[0] ?? -1);
      return world.code;
    },
    onDrain() {
      world.drained += 1;
    },
    onFailure: (error) => world.failures.push(error.message),
  });
  return { world, queue };
}

describe("send queue", () => {
  it("sends at once while there is room", (t) => {
    const { world, queue } = setUp(t);
    assert.ok(queue.push(Uint8Array.of(1)) && queue.push(Uint8Array.of(2)));
    assert.deepEqual(world.sent, [1, 2]);
  });

  it("keeps the order, keeps a copy, and asks again at once, then after growing delays", (t) => {
    const { world, queue } = setUp(t);
    world.code = CS.tryAgain;
    const payload = Uint8Array.of(1);
    queue.push(payload);
    payload[0] = 9;
    queue.push(Uint8Array.of(2));
    for (let turn = 0; turn < 1_000; turn += 1) mock.timers.tick(10);
    assert.ok(world.tries > 60 && world.tries < 120, `tried ${world.tries} times in ten seconds`);
    world.code = CS.ok;
    mock.timers.tick(200);
    assert.deepEqual(world.sent, [1, 2]);
  });

  it("refuses past its limit and says once when there is room", (t) => {
    const { world, queue } = setUp(t);
    world.code = CS.tryAgain;
    let accepted = 0;
    while (queue.push(Uint8Array.of(accepted % 256))) accepted += 1;
    assert.equal(accepted, SEND_QUEUE.messagesMax);
    queue.flush();
    assert.equal(world.drained, 0);
    world.code = CS.ok;
    queue.flush();
    queue.flush();
    assert.equal(world.drained, 1);
    assert.equal(world.sent.length, accepted);
  });

  it("reports another error once, not from within push", (t) => {
    const { world, queue } = setUp(t);
    world.code = 9;
    queue.push(Uint8Array.of(1));
    assert.deepEqual(world.failures, []);
    mock.timers.tick(1);
    assert.deepEqual(world.failures, ["cpg_mcast_joined: CS_ERR_BAD_HANDLE"]);
    assert.equal(queue.push(Uint8Array.of(2)), false);
  });
});
