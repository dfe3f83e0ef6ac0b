/** The same arguments to Debian's agents and to ours: same output, same kind of complaint, same exit code. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { IPMI_AGENTS } from "../../../src/agents/ipmi/agents.ts";
import type { IpmiFault } from "../../../src/bmc/ipmi/options.ts";
import { type Ended, LOGIN, openRig, runOurs, runProgram } from "./rig.ts";

interface Call {
  readonly about: string;
  readonly agent?: string;
  /** Behind address, port and login. */
  readonly argv?: readonly string[];
  /** Instead of all arguments; PORT stands for the simulator's. */
  readonly stdin?: string;
  /** Instead of address, port and login. */
  readonly bare?: readonly string[];
  readonly power?: "on" | "off";
  readonly fault?: IpmiFault;
}

const ACCOUNT = `ipaddr=127.0.0.1\nipport=PORT\nlogin=${LOGIN.user}\npasswd=${LOGIN.password}\n`;

const CALLS: readonly Call[] = [
  { about: "status of what is on", argv: ["-o", "status"] },
  { about: "status of what is off", argv: ["-o", "status"], power: "off" },
  { about: "off", argv: ["-o", "off", "--power-wait=0"] },
  { about: "off of what is off", argv: ["-o", "off"], power: "off" },
  { about: "on", argv: ["-o", "on", "--power-wait", "0"], power: "off" },
  { about: "on of what is on", argv: ["-o", "on"] },
  { about: "reboot", argv: ["--action=reboot", "--power-wait=0"] },
  { about: "reboot of what is off", argv: ["-o", "reboot", "--power-wait=0"], power: "off" },
  { about: "no action is a reboot", argv: ["--power-wait=0"] },
  { about: "reboot with method=cycle", argv: ["-o", "reboot", "-m", "cycle", "--power-wait=0"] },
  { about: "reboot without a retry_on", argv: ["-o", "reboot", "--retry-on=0", "--power-wait=0"] },
  { about: "diag", argv: ["-o", "diag", "--power-wait=0"] },
  { about: "monitor", argv: ["-o", "monitor"] },
  { about: "monitor of what is off", argv: ["-o", "monitor"], power: "off" },
  { about: "list, which it has not", argv: ["-o", "list"] },
  { about: "list-status, which it has not", argv: ["-o", "list-status"] },
  { about: "validate-all", argv: ["-o", "validate-all"] },
  { about: "validate-all without an address", bare: ["-o", "validate-all"] },
  { about: "an action in capitals", argv: ["-o", "STATUS"] },
  { about: "an unknown action", argv: ["-o", "explode"] },
  { about: "an unknown option", argv: ["-o", "status", "--frobnicate"] },
  { about: "an unknown letter", argv: ["-o", "status", "-Z"] },
  { about: "an ambiguous option", argv: ["-o", "status", "--pass"] },
  { about: "an option cut short", argv: ["--act", "status"] },
  { about: "an option without its value", argv: ["-o"] },
  { about: "a long option without its value", argv: ["--action"] },
  { about: "a value for a switch", argv: ["-o", "status", "--lanplus=1"] },
  { about: "no address", bare: ["-o", "status"] },
  { about: "an impossible number", argv: ["-o", "status", "--power-timeout=soon"] },
  { about: "an impossible integer", argv: ["-o", "on", "--retry-on=x"] },
  { about: "an impossible choice", argv: ["-o", "status", "-L", "king"] },
  { about: "a choice in capitals", argv: ["-o", "status", "-L", "Operator"] },
  { about: "plug without port-as-ip", argv: ["-o", "status", "-n", "127.0.0.1"] },
  { about: "words too many", argv: ["-o", "status", "please"] },
  { about: "letters in one word", argv: ["-Po", "status"] },
  { about: "a wrong password", argv: ["-P", "-o", "status"], fault: { type: "other-password" } },
  { about: "a wrong password and off", argv: ["-P", "-o", "off"], fault: { type: "other-password" } },
  { about: "quiet", argv: ["-q", "-P", "-o", "status"], fault: { type: "other-password" } },
  {
    about: "a machine that stays on",
    argv: ["-P", "-o", "off", "--power-wait=0", "--power-timeout=1"],
    fault: { type: "lies" },
  },
  {
    about: "a machine that stays off",
    argv: ["-P", "-o", "on", "--power-wait=0", "--power-timeout=1"],
    power: "off",
    fault: { type: "lies" },
  },
  {
    about: "reboot of a machine that stays on",
    argv: ["-P", "-o", "reboot", "--power-wait=0", "--power-timeout=1", "--retry-on=0"],
    fault: { type: "lies" },
  },
  { about: "a password from a script", argv: ["-o", "status", "-S", `echo ${LOGIN.password}`] },
  { about: "ilo4 is lanplus by itself", agent: "fence_ilo4", argv: ["-o", "status"] },
  { about: "ilo3", agent: "fence_ilo3", argv: ["-o", "off", "--power-wait=0"] },
  { about: "cipher 3", agent: "fence_ilo5", argv: ["-o", "status", "-C", "3"] },
  { about: "old names on stdin", stdin: `${ACCOUNT}action=status\n` },
  {
    about: "new names on stdin",
    stdin: `ip=127.0.0.1\nipport=PORT\nusername=${LOGIN.user}\npassword=${LOGIN.password}\naction=status\nlanplus=1\n`,
  },
  {
    about: "CRLF, blanks and comments",
    stdin: `# a comment\r\n\r\n  ${ACCOUNT.replaceAll("\n", "\r\n")}action=status\r\n`,
  },
  { about: "quotes on stdin", stdin: `${ACCOUNT}action="status"\n` },
  { about: "the last one wins", stdin: `${ACCOUNT}action=off\naction=status\n` },
  { about: "hyphens in names", stdin: `${ACCOUNT}power-wait=0\naction=off\n` },
  { about: "nodename is no matter", stdin: `${ACCOUNT}nodename=tpve02\naction=status\n` },
  { about: "an unknown name on stdin", stdin: `${ACCOUNT}frobnicate=7\naction=status\n` },
  { about: "a switch with nonsense", stdin: `${ACCOUNT}lanplus=perhaps\naction=status\n` },
  {
    about: "plug as the address",
    stdin: `${ACCOUNT.replace("ipaddr", "port")}port_as_ip=1\naction=status\n`,
  },
  { about: "nothing on stdin", stdin: "\n" },
];

const NEEDED = ["/usr/sbin/fence_ipmilan", "/usr/bin/ipmitool"];
const skip = NEEDED.every((file) => existsSync(file)) ? false : "fence-agents or ipmitool is not installed";

for (const call of CALLS) {
  test(`as Debian's: ${call.about}`, { skip }, async (t) => {
    const agent = call.agent ?? "fence_ipmilan";
    const theirs = await play(t, call, (argv, stdin) => runProgram([`/usr/sbin/${agent}`, ...argv], stdin));
    const ours = await play(t, call, (argv, stdin) => runOurs(agent, argv, stdin));
    assert.equal(ours.stdout, theirs.stdout);
    assert.equal(kindOf(ours.stderr), kindOf(theirs.stderr), `${theirs.stderr}---\n${ours.stderr}`);
    assert.equal(ours.code, theirs.code);
  });
}

async function play(
  t: TestContext,
  { argv = [], stdin, bare, power = "on", fault = { type: "none" } }: Call,
  run: (argv: readonly string[], stdin: string) => Promise<Ended>,
): Promise<Ended> {
  const { port, simulator } = await openRig(t, {}, { power });
  simulator.misbehave(fault);
  if (stdin !== undefined) return run([], stdin.replace("PORT", port));
  const login = [
    "-a",
    "127.0.0.1",
    "-u",
    port,
    "-l",
    LOGIN.user,
    "-p",
    LOGIN.password,
    "--ipmitool-timeout=1",
  ];
  return run(bare ?? [...login, ...argv], "");
}

/** What a person takes from standard error: which mistake of usage, that it failed, that it warned. */
function kindOf(stderr: string): string {
  const lines = stderr
    .split("\n")
    .map((line) => line.replace(/^(?:[\d-]+ [\d:,]+ )?(\w+): ?(?:root:)?/, "$1: ").trim())
    .filter((line) => line !== "");
  const wrong = lines.find((line) =>
    /Parse error: option|Parser error|Failed: (You|The value|Unrec)|validate-all failed/.test(line),
  );
  if (wrong !== undefined) return `usage: ${wrong}`;
  if (lines.some((line) => /Failed: |Connection |Unable to /.test(line))) return "failed";
  if (lines.some((line) => line.includes("Timed out waiting to power ON"))) return "fenced, but not on";
  // What ours says of the device beyond that is for people.
  const warned = lines
    .filter((line) => /^WARNING: (Parse error|Unused)/.test(line))
    .map((line) => line.replace(/'[^']*'|\[.*|\d+ of them/g, "…"));
  return [...new Set(warned)].join("; ");
}

test("the metadata is Debian's, but for the long description", { skip }, async () => {
  for (const { name } of IPMI_AGENTS) {
    const [ours, theirs] = await Promise.all([
      runOurs(name, ["-o", "metadata"]),
      runProgram([`/usr/sbin/${name}`, "-o", "metadata"]),
    ]);
    assert.equal(withoutLongdesc(ours.stdout), withoutLongdesc(theirs.stdout), name);
    assert.equal(ours.code, theirs.code);
  }
});

function withoutLongdesc(xml: string): string {
  return xml.replace(/<longdesc>[^<]*<\/longdesc>/, "");
}
