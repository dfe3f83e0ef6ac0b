/** The same arguments to our agents over SSH and to Debian's. */
import { test } from "node:test";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { openSmclpSimulator } from "../../../src/bmc/smclp/simulator.ts";
import { deadPort, type Given } from "./ask.ts";
import { type Case, compareCases, compareMetadata, skipWithout } from "./compare.ts";

/** The original hands it to a pseudo terminal: what it can type there. */
const LOGIN = { user: "fencer", password: "plain-password-1" } as const;
const FORGETFUL = "-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no";

const cases = (dead: number): readonly Case[] => [
  { name: "status, on", more: { action: "status" } },
  { name: "status, off", power: "off", more: { action: "status" } },
  { name: "monitor", power: "off", more: { action: "monitor" } },
  { name: "off", more: { action: "off" } },
  { name: "off, already", power: "off", more: { action: "off" } },
  { name: "on", power: "off", more: { action: "ON" } },
  { name: "reboot", more: { action: "reboot" } },
  { name: "validate-all", more: { action: "validate-all" } },
  { name: "list", more: { action: "list" } },
  { name: "old names", more: { action: "status", ssh: undefined, secure: "1" } },
  { name: "no address", more: { action: "off", ip: undefined } },
  { name: "no login", more: { action: "off", username: undefined } },
  { name: "no password", more: { action: "off", password: undefined } },
  { name: "no such action", more: { action: "explode" } },
  { name: "a time that is none", more: { action: "off", power_timeout: "soon" } },
  { name: "wrong password", more: { action: "off", password: "another" } },
  { name: "nobody listens", more: { action: "off", ipport: String(dead) } },
];

for (const [agent, model] of [
  ["fence_ilo_ssh", "ilo"],
  ["fence_ilo_mp", "mp"],
] as const) {
  const skip = skipWithout(`/usr/sbin/${agent}`, "/usr/bin/ssh");

  test(`${agent}: every action, and the usual mistakes`, { timeout: 120_000, skip }, async (t) => {
    const chassis = createChassis();
    const simulator = await openSmclpSimulator({ model, chassis, login: LOGIN });
    t.after(() => simulator.close());
    const base: Given = {
      ip: simulator.host,
      ipport: String(simulator.port),
      username: LOGIN.user,
      password: LOGIN.password,
      ssh: "1",
      ssh_options: FORGETFUL,
      power_wait: "0",
      stonith_status_sleep: "0",
    };
    const all = cases(await deadPort());
    // Both are one program but for their commands.
    const chosen = model === "mp" ? all.slice(0, 7) : all;
    await compareCases({ agent, base, chassis, cases: chosen });
  });

  test(`${agent}: the metadata, with our own parameter besides`, { timeout: 60_000, skip }, () =>
    compareMetadata(agent, ["ssh_fingerprint"]),
  );
}
