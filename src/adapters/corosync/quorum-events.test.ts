import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { QuorumEvent } from "../../ports/group-engine.ts";
import type { VoteInfo } from "./libquorum.ts";
import { createQuorumEvents } from "./quorum-events.ts";

const VOTES: VoteInfo = { quorumVotes: 2, ownVotes: 1 };
const notice = (seq: number, quorate: boolean) => ({ ring: { nodeid: 1, seq }, quorate });
/** Lets every settled promise have its say. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function setUp() {
  const seen: QuorumEvent[] = [];
  const problems: string[] = [];
  const answers: PromiseWithResolvers<VoteInfo>[] = [];
  const events = createQuorumEvents(
    () => {
      const answer = Promise.withResolvers<VoteInfo>();
      answers.push(answer);
      return answer.promise;
    },
    (event) => seen.push(event),
    (why) => problems.push(why),
  );
  return { seen, problems, answers, events };
}

describe("quorum events", () => {
  it("waits for votequorum's answer for the ring of the view", async () => {
    const { seen, answers, events } = setUp();
    events.onNotice(notice(8, true));
    events.onView("1.12/x", "1.12");
    assert.equal(answers.length, 0, "quorate in an older ring says nothing");
    events.onNotice(notice(12, false));
    answers[0]?.resolve(VOTES);
    await settle();
    assert.deepEqual(seen, [{ ringId: "1.12/x", quorate: false, ...VOTES }]);
  });

  it("repeats the answer for each view within one ring", async () => {
    const { seen, answers, events } = setUp();
    events.onNotice(notice(8, true));
    for (const [index, ringId] of ["1.8/a", "1.8/b"].entries()) {
      events.onView(ringId, "1.8");
      answers[index]?.resolve(VOTES);
      await settle();
    }
    assert.deepEqual(
      seen.map(({ ringId, quorate }) => [ringId, quorate]),
      [
        ["1.8/a", true],
        ["1.8/b", true],
      ],
    );
  });

  it("asks again and reports what is news: other votes, never the same twice", async () => {
    const { seen, answers, events } = setUp();
    events.onNotice(notice(8, true));
    events.onView("1.8/a", "1.8");
    const changed = { quorumVotes: 1, ownVotes: 1, deviceVotes: 1 };
    for (const [index, votes] of [VOTES, VOTES, changed].entries()) {
      if (index > 0) events.refresh();
      answers[index]?.resolve(votes);
      await settle();
    }
    assert.deepEqual(
      seen.map(({ quorumVotes, deviceVotes }) => [quorumVotes, deviceVotes]),
      [
        [2, undefined],
        [1, 1],
      ],
    );
  });

  it("does not report what has changed while the votes were read", async () => {
    const { seen, answers, events } = setUp();
    events.onNotice(notice(8, true));
    events.onView("1.8/a", "1.8");
    events.onNotice(notice(8, false));
    answers[0]?.resolve(VOTES);
    await settle();
    assert.deepEqual(seen, []);
    answers[1]?.resolve(VOTES);
    await settle();
    assert.deepEqual(
      seen.map(({ quorate }) => quorate),
      [false],
    );
  });

  it("drops an answer for a ring that is over", async () => {
    const { seen, answers, events } = setUp();
    events.onNotice(notice(8, true));
    events.onView("1.8/a", "1.8");
    events.onView("1.12/a", "1.12");
    answers[0]?.resolve(VOTES);
    await settle();
    assert.deepEqual(seen, []);
    assert.equal(answers.length, 1, "nothing to ask before the ring's own notice");
  });

  it("reports that the votes cannot be read, unless it was stopped", async () => {
    const { problems, answers, events } = setUp();
    events.onNotice(notice(8, true));
    events.onView("1.8/a", "1.8");
    answers[0]?.reject(new Error("votequorum_getinfo: CS_ERR_LIBRARY"));
    await settle();
    assert.deepEqual(problems, ["votequorum_getinfo: CS_ERR_LIBRARY"]);
  });
});
