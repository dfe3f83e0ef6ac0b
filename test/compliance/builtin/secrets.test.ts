/** A password, and a BMC key, in everything that an agent ever prints: nowhere. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import type { IpmiFault } from "../../../src/bmc/ipmi/options.ts";
import { account, ask, LOGIN, openRig, runOurs } from "./rig.ts";

const CANARY = "tweet-51a7";
const KEY = "c0ffee51a7";
const FAULTS: readonly IpmiFault[] = [
  { type: "none" },
  { type: "other-password" },
  { type: "no-privilege" },
  { type: "sessions-full" },
  { type: "lies" },
  { type: "garbage", bytes: Buffer.from(`0600ff07${Buffer.from(CANARY).toString("hex")}`, "hex") },
];
const ACTIONS = [
  "status",
  "off",
  "on",
  "monitor",
  "diag",
  "metadata",
  "validate-all",
  "nonsense",
  "list",
] as const;

test("no text of an agent has a secret in it", async (t) => {
  assert.notEqual(LOGIN.password, CANARY);
  let printed = "";
  for (const fault of FAULTS) {
    const { port, simulator } = await openRig(t, {
      login: { user: "admin", password: CANARY },
      bmcKeyHex: KEY,
    });
    simulator.misbehave(fault);
    // Nonsense is waited out: once is enough.
    for (const action of fault.type === "garbage" ? (["off"] as const) : ACTIONS) {
      for (const kg of [KEY, `${KEY}zz`]) {
        const argv = ["-P", "-vvv", "-a", "127.0.0.1", "-u", port, "-l", "admin", "-p", CANARY];
        const whole = ["--power-timeout=1", "--ipmitool-timeout=0", `--hexadecimal-kg=${kg}`];
        const ended = await runOurs("fence_ipmilan", [...argv, ...whole, "-o", action]);
        printed += `${ended.stdout}${ended.stderr}`;
        const lines = `ip=127.0.0.1\nipport=${port}\npasswrd=${CANARY}\npasswd=${CANARY}\nhexadecimal-kg=${kg}\nverbose=1\naction=validate-all\n`;
        const second = await runOurs("fence_ipmilan", [], lines);
        printed += `${second.stdout}${second.stderr}`;
      }
    }
    const given = { ...account({ port, simulator } as never), password: CANARY, hexadecimal_kg: KEY };
    const answer = await ask("fence_ilo4", "status", { ...given, ipmitool_timeout: "0" });
    printed += inspect(answer, { depth: 9 });
  }
  assert.ok(printed.length > 10_000);
  for (const secret of [CANARY, KEY, Buffer.from(CANARY).toString("base64")]) {
    const at = printed.indexOf(secret);
    assert.equal(at, -1, printed.slice(Math.max(0, at - 200), at + 50));
  }
});
