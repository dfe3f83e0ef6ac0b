/** The same arguments to our agents for power switches and to Debian's. */
import { test } from "node:test";
import { deadPort } from "./ask.ts";
import { type Case, compareCases, compareMetadata, type Difference, skipWithout } from "./compare.ts";
import { openPduRig } from "./snmp-rig.ts";

const TIMED_OUT = /^ERROR: Connection timed out$/;
const STATES: Difference = { out: /^(\d,.*,ON\n){4}$/, why: "list-status reads the states" };
const MISSING: Difference = {
  code: 1,
  out: /^$/,
  err: /^ERROR: Failed: Unable to obtain correct plug status or plug is not available$/,
  power: "on",
  why: "an outlet that is not there is never off",
};

/** Both are built alike: of the second only what touches the device. */
const EATON: ReadonlySet<string> = new Set([
  "status, on",
  "status, off",
  "monitor",
  "list",
  "off",
  "on",
  "reboot",
  "version 1",
  "an outlet that is not there",
]);

const cases = (agent: string, dead: number): readonly Case[] => [
  { name: "status, on", more: { action: "status" } },
  { name: "status, off", power: "off", more: { action: "status" } },
  { name: "monitor", power: "off", more: { action: "monitor" } },
  { name: "monitor without an outlet", more: { action: "monitor", plug: undefined } },
  { name: "list", more: { action: "list" } },
  { name: "list with another separator", more: { action: "list", separator: ";" } },
  { name: "list-status", more: { action: "list-status" }, differs: STATES },
  { name: "off", more: { action: "off" } },
  { name: "off, already", power: "off", more: { action: "off" } },
  { name: "on", power: "off", more: { action: "ON" } },
  { name: "on, already", more: { action: "on" } },
  { name: "reboot", more: { action: "reboot" } },
  { name: "reboot, from off", power: "off", more: {} },
  {
    name: "reboot without an on",
    more: { action: "reboot", retry_on: "0" },
    differs: { err: /^WARNING: Timed out waiting to power ON: /, why: "it says what is the matter" },
  },
  { name: "validate-all", more: { action: "validate-all" } },
  {
    name: "old names",
    more: { action: "status", ip: undefined, ipaddr: "127.0.0.1", plug: undefined, port: "1" },
  },
  { name: "version 1", more: { action: "off", snmp_version: "1" } },
  { name: "no address", more: { action: "off", ip: undefined } },
  { name: "no outlet", more: { action: "off", plug: undefined } },
  { name: "no such action", more: { action: "explode" } },
  { name: "diag, which it has not", more: { action: "diag" } },
  { name: "an impossible version", more: { action: "status", snmp_version: "4" } },
  { name: "an impossible level", more: { action: "status", snmp_sec_level: "high" } },
  { name: "a time that is none", more: { action: "off", power_timeout: "soon" } },
  { name: "an outlet that is not there", more: { action: "off", plug: "9" }, differs: MISSING },
  {
    name: "nobody listens",
    more: { action: "off", ipport: String(dead) },
    differs: {
      err: /^ERROR: Unable to connect\/login to fencing device$/,
      why: "the original takes it for a mistake in the arguments",
    },
  },
  {
    name: "wrong community",
    more: { action: "off", community: "another" },
    differs: { err: TIMED_OUT, why: "the original takes it for a mistake in the arguments" },
  },
  ...(agent === "fence_apc_snmp"
    ? ([
        { name: "an outlet by its name", more: { action: "off", plug: "Outlet 1" } },
        { name: "unit and outlet", more: { action: "off", plug: "1:1" } },
        {
          name: "two outlets",
          more: { action: "off", plug: "2,1" },
          differs: { power: "off", why: "the original switches the first of them twice" },
        },
        {
          name: "no such name",
          more: { action: "off", plug: "Outlet" },
          differs: { ...MISSING, why: "the original takes it for a mistake in the arguments" },
        },
      ] as const)
    : []),
];

for (const [agent, style] of [
  ["fence_apc_snmp", "apc-rpdu"],
  ["fence_eaton_snmp", "eaton-managed"],
] as const) {
  const skip = skipWithout(`/usr/sbin/${agent}`, "/usr/bin/snmpget");

  test(`${agent}: every action, and the usual mistakes`, { timeout: 120_000, skip }, async (t) => {
    const { given, chassis } = await openPduRig(t, style);
    // The original sleeps after each order, and a second between two looks.
    const base = { ...given, power_wait: "0", stonith_status_sleep: "0" };
    const all = cases(agent, await deadPort());
    const chosen = agent === "fence_eaton_snmp" ? all.filter(({ name }) => EATON.has(name)) : all;
    await compareCases({ agent, base, chassis, cases: chosen });
  });

  test(`${agent}: every action in version 3`, { timeout: 60_000, skip }, async (t) => {
    const { given, v3, chassis } = await openPduRig(t, style);
    const base = { ...given, ...v3, power_wait: "0", stonith_status_sleep: "0" };
    await compareCases({
      agent,
      base,
      chassis,
      cases: [
        { name: "status", more: { action: "status", snmp_sec_level: "authPriv" } },
        { name: "off", more: { action: "off" } },
        { name: "on", power: "off", more: { action: "on" } },
        { name: "reboot", more: { action: "reboot" } },
      ],
    });
  });

  test(`${agent}: the metadata`, { timeout: 60_000, skip }, () => compareMetadata(agent));
}

test("fence_tripplite_snmp: the metadata", { skip: skipWithout("/usr/sbin/fence_tripplite_snmp") }, () =>
  compareMetadata("fence_tripplite_snmp"),
);
