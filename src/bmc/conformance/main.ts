/**
 * `npm run --silent conformance [-- WORD ...]`: real clients against our simulators. Prints a table;
 * the last line counts, and the exit code is 0 only without a failure. WORDs pick the rows that have them.
 */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { CASES, playCase } from "./cases.ts";
import { IPMI_CLIENTS } from "./ipmi-rows.ts";
import { PVE_CLIENTS } from "./pve-rows.ts";
import { REDFISH_CLIENTS } from "./redfish-rows.ts";
import { RIBCL_CLIENTS } from "./ribcl-rows.ts";
import type { Client } from "./rows.ts";
import { SMCLP_CLIENTS } from "./smclp-rows.ts";
import { SNMP_CLIENTS } from "./snmp-rows.ts";

const CLIENTS: readonly Client[] = [
  ...IPMI_CLIENTS,
  ...RIBCL_CLIENTS,
  ...REDFISH_CLIENTS,
  ...SMCLP_CLIENTS,
  ...SNMP_CLIENTS,
  ...PVE_CLIENTS,
];

const words = process.argv.slice(2);
const chosen = CLIENTS.filter((client) =>
  words.every((word) => `${client.simulator} ${client.name}`.includes(word)),
);
const width = Math.max(0, ...chosen.map(({ name }) => name.length));
let passed = 0;
let failed = 0;

console.log(`${"simulator".padEnd(10)} ${"client".padEnd(width)}  ${CASES.join("  ")}`);
for (const client of chosen) {
  const cells: string[] = [];
  const reasons: string[] = [];
  for (const name of CASES) {
    const problem = isInstalled(client.program)
      ? await playCase(name, client).catch((error: Error) => `the simulator failed: ${error.message}`)
      : `${client.program} is not installed`;
    cells.push((problem === undefined ? "ok" : "FAIL").padEnd(name.length));
    if (problem === undefined) passed += 1;
    else {
      failed += 1;
      reasons.push(`${" ".repeat(11)}${name}: ${problem}`);
    }
  }
  console.log(`${client.simulator.padEnd(10)} ${client.name.padEnd(width)}  ${cells.join("  ").trimEnd()}`);
  for (const reason of reasons) console.log(reason);
}
console.log(`${passed} passed, ${failed} failed`);
// Nothing run is nothing shown.
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function isInstalled(program: string): boolean {
  const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/sbin"];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false; // Not here: look further.
    }
  });
}
