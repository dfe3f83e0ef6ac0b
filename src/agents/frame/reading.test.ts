/** Both ways in, and what is made of them. Against Debian's own: test/compliance/builtin. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BuiltinAgent } from "./agent.ts";
import { loadBuiltin } from "./builtin.ts";
import { check } from "./check.ts";
import { type CommandWorld, runCommand } from "./command.ts";
import { readArgv } from "./read-argv.ts";
import { readStdin } from "./read-stdin.ts";

const agent = (await loadBuiltin("fence_ipmilan")) as BuiltinAgent;
const { parameters } = agent;

function lines(...all: string[]): Record<string, string> {
  return Object.fromEntries(readStdin(all.join("\n"), parameters).texts);
}

test("stdin: names of today and of before, either hyphen in today's", () => {
  assert.equal(lines("ipaddr=a", "ip=b").ip, "b");
  assert.equal(lines("login=a", "passwd=b", "passwd_script=c").password_script, "c");
  assert.equal(lines("power-wait=4").power_wait, "4");
  assert.equal(lines("passwd-script=c").password_script, undefined);
  assert.equal(lines("ip =x").ip, undefined);
});

test("stdin: values as they are, but for one pair of quotes", () => {
  assert.equal(lines('passwd="a=b c"').password, "a=b c");
  assert.equal(lines('passwd=""x""').password, '"x"');
  assert.equal(lines('passwd="x').password, '"x');
  assert.equal(lines("passwd=a=b").password, "a=b");
  assert.equal(lines("ip").ip, "");
});

test("stdin: the action of the oldest daemons is no reboot", () => {
  assert.equal(lines("option=status").action, "status");
  assert.equal(lines("option=off", "action=status").action, "status");
});

test("stdin: what is not understood is warned of, without its value", () => {
  const { warnings } = readStdin("passwrd=canary\nnodename=x\nlanplus=maybe\n", parameters);
  assert.deepEqual(warnings, [
    "Parse error: Ignoring unknown option 'passwrd'",
    "Parse error: Ignoring option 'lanplus' because it does not have value",
  ]);
});

test("argv: letters, long names, cut short, mixed with other words", () => {
  const { texts, failure, warnings } = readArgv(
    ["-Pa", "h", "x", "--user=u", "-vv", "--action", "off", "--", "-q"],
    parameters,
  );
  assert.equal(failure, undefined);
  assert.deepEqual(
    ["lanplus", "ip", "username", "action", "verbose_level", "quiet"].map((name) => texts.get(name)),
    ["1", "h", "u", "off", "2", undefined],
  );
  assert.deepEqual(warnings, ["Unused arguments on command line: 2 of them"]);
});

test("argv: what cannot be", () => {
  const failure = (...argv: string[]): string | undefined => readArgv(argv, parameters).failure;
  assert.equal(failure("--nothing"), "Parse error: option --nothing not recognized");
  assert.equal(failure("--p"), "Parse error: option --p not a unique prefix");
  assert.equal(failure("--quiet=1"), "Parse error: option --quiet must not have an argument");
  assert.equal(failure("-a"), "Parse error: option -a requires argument");
  assert.equal(failure("--ip"), "Parse error: option --ip requires argument");
});

test("validate-all tells all problems, the others the first", () => {
  const given = readStdin("privlvl=king\npower_wait=soon\n", parameters);
  const problems = (action: string): readonly string[] => {
    const checked = check(agent, { ...given, texts: new Map([...given.texts, ["action", action]]) });
    return checked.ok ? [] : checked.problems;
  };
  assert.equal(problems("validate-all").length, 4);
  assert.deepEqual(problems("off"), ["Failed: You have to enter fence address"]);
  assert.deepEqual(problems("metadata"), []);
});

test("a password script that fails ends it before anything is sent", async () => {
  let errors = "";
  const world: CommandWorld = {
    out: () => assert.fail("nothing is to be said"),
    err: (text) => {
      errors += text;
    },
    stdin: async () => "ip=192.0.2.1\npasswd_script=/x\naction=off\n",
    shell: async () => undefined,
    append: () => true,
    wall: () => new Date(0),
    env: {},
    signal: new AbortController().signal,
    version: "0",
  };
  assert.equal(await runCommand(agent, [], world), 1);
  assert.match(errors, /the password script failed/);
});
