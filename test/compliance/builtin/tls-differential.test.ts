/** The same arguments to our agents and to Debian's: same output, exit code and last word. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { type Chassis, createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { openRedfishSimulator } from "../../../src/bmc/redfish/simulator.ts";
import { REDFISH_STYLES } from "../../../src/bmc/redfish/style.ts";
import { RIBCL_MODELS } from "../../../src/bmc/ribcl/model.ts";
import { openRibclSimulator } from "../../../src/bmc/ribcl/simulator.ts";
import { deadPort, type Given, LOGIN, runAsCommand } from "./ask.ts";
import { lastWord, stdinOf } from "./compare.ts";
import { runProgram } from "./rig.ts";

interface Simulator {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/** fence_ilo and fence_ilo2 are one script: of the first only what touches the card. */
const SHORT: ReadonlySet<string> = new Set([
  "status, on",
  "status, off",
  "off",
  "on",
  "reboot",
  "wrong password",
]);
const OPENERS: Readonly<Record<string, (chassis: Chassis) => Promise<Simulator>>> = {
  fence_ilo: (chassis) => openRibclSimulator({ model: RIBCL_MODELS.ilo1, chassis, login: LOGIN }),
  fence_ilo2: (chassis) => openRibclSimulator({ model: RIBCL_MODELS.ilo2, chassis, login: LOGIN }),
  fence_redfish: (chassis) => openRedfishSimulator({ style: REDFISH_STYLES.ilo5, chassis, login: LOGIN }),
};

/** Parameters that the originals do not know, and why we have them. */
const OWN: Readonly<Record<string, string>> = {
  ssl_ca: "an authority of one's own without touching the store of the whole system",
  ssl_fingerprint: "a pin for certificates that controllers sign themselves",
  redfish_auth: "sites that switch basic authentication off",
};

type LastWord = "same" | { readonly ours: RegExp; readonly why: string };

interface Case {
  readonly name: string;
  /** Power before each of the two. */
  readonly power: "on" | "off";
  readonly more: Given;
  /** Of fence_redfish: fence_ilo's last word is always the same. */
  readonly redfish: LastWord;
}

const REFUSED = /Unable to connect\/login to fencing device$/;
const cases = (dead: number): readonly Case[] => {
  const plain = (name: string, more: Given, power: "on" | "off" = "on"): Case => ({
    name,
    power,
    more,
    redfish: "same",
  });
  return [
    plain("status, on", { action: "status" }),
    plain("status, off", { action: "status" }, "off"),
    plain("monitor", { action: "monitor" }, "off"),
    plain("list", { action: "list" }),
    plain("off", { action: "off" }),
    plain("off, already", { action: "off" }, "off"),
    plain("on", { action: "ON" }, "off"),
    plain("on, already", { action: "on" }),
    plain("reboot", { action: "reboot" }),
    plain("reboot, from off", {}, "off"),
    plain("validate-all", { action: "validate-all" }),
    plain("no address", { action: "off", ip: undefined }),
    plain("no login", { action: "off", username: undefined }),
    plain("no password", { action: "off", password: undefined }),
    plain("no such action", { action: "explode" }),
    plain("a time that is none", { action: "off", power_timeout: "soon" }),
    plain("a port that is none", { action: "off", ipport: "https" }),
    plain("old names", {
      action: "status",
      ...{ ip: undefined, ipaddr: "127.0.0.1" },
      ...{ username: undefined, login: LOGIN.user },
      ...{ password: undefined, passwd: LOGIN.password },
    }),
    {
      ...plain("wrong password", { action: "off", password: "no such password" }),
      redfish: { ours: REFUSED, why: "the original falls over the answer, with a Python traceback" },
    },
    {
      ...plain("nobody listens", { action: "off", ipport: String(dead) }),
      redfish: { ours: REFUSED, why: "the original takes it for a mistake in the arguments" },
    },
    {
      ...plain("a certificate that nobody vouches for", { action: "off", ssl_insecure: undefined }),
      redfish: { ours: REFUSED, why: "the original takes it for a mistake in the arguments" },
    },
  ];
};

for (const [name, open] of Object.entries(OPENERS)) {
  const program = `/usr/sbin/${name}`;
  const needs = [program, ...(name === "fence_redfish" ? [] : ["/usr/bin/gnutls-cli"])];
  const missing = needs.find((file) => !existsSync(file));
  const skip = missing === undefined ? false : `${missing} is not installed`;

  test(`${name}: every action, and the usual mistakes`, { timeout: 180_000, skip }, async (t) => {
    const { chassis, given } = await rig(t, open);
    for (const { name: what, power, more, redfish } of cases(await deadPort())) {
      if (name === "fence_ilo" && !SHORT.has(what)) continue;
      const input = stdinOf({ ...given, ...more });
      chassis.turn(power);
      const original = await runProgram([program], input);
      const after = chassis.power;
      chassis.turn(power);
      const ours = await runAsCommand(name, input);
      assert.deepEqual(
        { code: ours.code, out: ours.out },
        { code: original.code, out: original.stdout },
        what,
      );
      assert.equal(chassis.power, after, `${what}: the power afterwards`);
      const expected = name === "fence_redfish" ? redfish : "same";
      if (expected === "same") assert.equal(lastWord(ours.err), lastWord(original.stderr), what);
      else assert.match(lastWord(ours.err), expected.ours, what);
    }
  });

  test(`${name}: the metadata, with our own parameters besides`, { timeout: 60_000, skip }, async () => {
    const original = await runProgram([program], "action=metadata\n");
    const ours = await runAsCommand(name, "action=metadata\n");
    const without = ours.out.replace(
      /\t<parameter name="([^"]*)"[\s\S]*?<\/parameter>\n/g,
      (whole, parameter: string) => (Object.hasOwn(OWN, parameter) ? "" : whole),
    );
    assert.equal(without, original.stdout);
  });
}

async function rig(t: TestContext, open: (chassis: Chassis) => Promise<Simulator>) {
  const chassis = createChassis();
  const simulator = await open(chassis);
  t.after(() => simulator.close());
  const given: Given = {
    ip: simulator.host,
    ipport: String(simulator.port),
    username: LOGIN.user,
    password: LOGIN.password,
    ssl_insecure: "1",
    // The original waits a second between two looks, whole seconds only.
    stonith_status_sleep: "0",
  };
  return { chassis, given };
}
