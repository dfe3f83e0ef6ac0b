import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { ONE_FAILED, ONE_PASSED } from "./counts.ts";
import type { Level } from "./levels.ts";
import { runLevels } from "./run-levels.ts";

/** Plays the levels and gives what was printed. */
async function play(t: TestContext, levels: readonly Level[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  t.mock.method(console, "log", (line: string) => lines.push(...line.split("\n")));
  const code = await runLevels(levels);
  t.mock.restoreAll();
  return { code, lines };
}

const level = (name: string, more: Partial<Level> = {}): Level => ({
  name,
  about: `about ${name}`,
  run: async () => ONE_PASSED,
  ...more,
});

describe("levels", () => {
  it("run at the same time where one is beside the other, and print one after the other", async (t) => {
    const companionRan = Promise.withResolvers<void>();
    const long = level("long", {
      async run() {
        await companionRan.promise; // For ever, if they ran in turn.
        console.log("said by long");
        return ONE_PASSED;
      },
    });
    const short = level("short", {
      beside: "long",
      async run(say) {
        say("said by short");
        companionRan.resolve();
        return ONE_PASSED;
      },
    });
    const { code, lines } = await play(t, [long, short]);
    assert.equal(code, 0);
    const said = lines.filter((line) => line.startsWith("said") || line.startsWith("==="));
    assert.deepEqual(said, [
      "=== long: about long",
      "said by long",
      "=== short: about short",
      "said by short",
    ]);
  });

  it("run alone when the one they are beside was not asked for", async (t) => {
    const { code, lines } = await play(t, [level("short", { beside: "long" })]);
    assert.equal(code, 0);
    assert.ok(lines.includes("--- short: 1 passed, 0 failed"));
  });

  it("fail the run when a level beside another fails", async (t) => {
    const failing = level("short", { beside: "long", run: async () => ONE_FAILED });
    const { code, lines } = await play(t, [level("long"), failing]);
    assert.equal(code, 1);
    assert.equal(lines.at(-1), "1 passed, 1 failed");
  });
});
