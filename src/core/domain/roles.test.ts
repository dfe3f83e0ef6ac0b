/** The whole table of roles: every combination of what the ledger holds and what a hello says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incarnation } from "../ids.ts";
import type { Ledger } from "../ledger.ts";
import type { Hello } from "../messages.ts";
import { epochOf, helloOf, incarnationOf, ledgerOf, victimOf } from "../testing.ts";
import { judgeProcess } from "./roles.ts";

type Standing = "member" | "suspect" | "victim" | "begun" | "stray" | "closed" | "unknown";
const STANDINGS: readonly Standing[] = ["member", "suspect", "victim", "begun", "stray", "closed", "unknown"];
const RETURNS = ["same run", "same boot", "new boot"] as const;

/** What the base ledger holds of node 2, whose last known incarnation is boot 1, start 1. */
function ledgerWith(standing: Standing, established: boolean): Ledger {
  const others = ledgerOf([1, 3], { established, open: false });
  const epoch = epochOf(1, standing === "unknown" ? [1, 3] : [1, 2, 3]);
  const base = { ...others, epoch };
  const incarnation = incarnationOf(2);
  switch (standing) {
    case "member":
      return { ...base, members: epoch.members };
    case "suspect":
      return { ...base, suspects: [{ node: 2, incarnation }] };
    case "victim":
      return { ...base, victims: [victimOf(2)] };
    case "begun":
      return { ...base, victims: [victimOf(2, { begun: true })] };
    case "stray":
      return { ...base, victims: [victimOf(2, { cause: "returned without a restart" })] };
    default:
      return base;
  }
}

const returning: Readonly<Record<(typeof RETURNS)[number], Incarnation>> = {
  "same run": incarnationOf(2),
  "same boot": incarnationOf(2, 1, 2),
  "new boot": incarnationOf(2, 2, 1),
};

function everyCase(
  check: (about: {
    readonly standing: Standing;
    readonly back: (typeof RETURNS)[number];
    readonly established: boolean;
    readonly hello: Hello;
    readonly role: string;
    readonly text: string;
  }) => void,
): number {
  let count = 0;
  const both = [true, false];
  for (const standing of STANDINGS)
    for (const back of RETURNS)
      for (const established of both)
        for (const live of both)
          for (const expelled of both)
            for (const clean of both)
              for (const wants of ["join", "none"] as const) {
                if (expelled && !live) continue;
                for (const letGo of [{}, { letGo: true as const }]) {
                  const said = { incarnation: returning[back], live, expelled, clean, wants, ...letGo };
                  const hello = helloOf(2, said);
                  const role = judgeProcess(ledgerWith(standing, established), 2, hello);
                  const text = JSON.stringify({ standing, back, established, said, role });
                  check({ standing, back, established, hello, role, text });
                  count++;
                }
              }
  return count;
}

test("nobody is reunited whom a shot may hit, who was closed, or who runs anew", () => {
  const count = everyCase(({ standing, back, hello, role, text }) => {
    if (role !== "reunited") return;
    assert.ok(["member", "suspect", "victim"].includes(standing), text);
    assert.equal(back, "same run", text);
    assert.ok(hello.live && !hello.expelled, text);
  });
  assert.equal(count, 1008);
});

test("who was apart, lives, and at whom nobody has begun a shot, is reunited", () => {
  everyCase(({ standing, back, hello, role, text }) => {
    if (!["member", "suspect", "victim"].includes(standing) || back !== "same run") return;
    if (!hello.live || hello.expelled) return;
    assert.equal(role, hello.wants === "none" && hello.clean ? "observer" : "reunited", text);
  });
});

test("whoever uses storage gets in only as one whose claims were never given away", () => {
  everyCase(({ standing, back, established, hello, role, text }) => {
    if (hello.clean || !["newcomer", "observer", "restarted", "reunited"].includes(role)) return;
    const held = ["member", "suspect", "victim"].includes(standing);
    const cold = !established && standing !== "begun" && back !== "new boot";
    assert.ok(held || cold, text);
    assert.notEqual(back, "new boot", text);
  });
});

test("I5: whoever guards nothing is never kept out", () => {
  everyCase(({ hello, role, text }) => {
    if (hello.clean) assert.ok(!["stray", "refused"].includes(role), text);
  });
});

test("a restarted daemon in its grace is let in again, clean or not", () => {
  everyCase(({ standing, back, hello, role, text }) => {
    if (standing !== "suspect" || back !== "same boot" || hello.live) return;
    assert.equal(role, "restarted", text);
  });
});

test("closed, back without a restart and still using storage: a stray", () => {
  everyCase(({ standing, back, established, hello, role, text }) => {
    if (standing !== "closed" || back !== "same run" || hello.clean || !established) return;
    assert.equal(role, "stray", text);
  });
});

test("a stranger to the domain that uses storage is refused, not shot, unless it was let go once", () => {
  everyCase(({ standing, back, hello, role, text }) => {
    if (standing !== "unknown" || back !== "new boot" || hello.clean) return;
    assert.equal(role, hello.letGo === true ? "stray" : "refused", text);
  });
});
