/**
 * The demo's fence agent: options on stdin (or, with any argument, on the command line), one action,
 * exit 0, 1 or 2. Plain JavaScript: an agent is started several times per fencing, and stripping types
 * would double the time that this takes.
 * Source: FenceAgentAPI of the ClusterLabs wiki; option names and texts as the fence-agents library.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { METADATA } from "./metadata.mjs";

/** Units: ms. How long a password script may take. */
const SCRIPT_MS_MAX = 5_000;
/** Units: characters. An iLO that says more is none of ours. */
const REPLY_CHARS_MAX = 4_096;

/** Old and alternative names; the last line of the input wins, whatever name it uses. */
const ALIASES = {
  option: "action",
  ipaddr: "ip",
  login: "username",
  passwd: "password",
  passwd_script: "password_script",
  port: "plug",
};

const KNOWN = ["action", "ip", "username", "password", "password_script", "plug", "delay", "power_wait"];
/** Sent by every caller or meant for others; not worth a warning. */
const QUIET = ["nodename", "agent", "name", "verbose", "power_timeout", "shell_timeout", "login_timeout"];

class Refusal extends Error {}

function parseLines(text) {
  const options = {};
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const key = (equals < 0 ? line : line.slice(0, equals)).replaceAll("-", "_");
    const name = ALIASES[key] ?? key;
    const value = equals < 0 ? "" : line.slice(equals + 1).replace(/^"(.*)"$/, "$1");
    if (KNOWN.includes(name)) options[name] = value;
    else if (!QUIET.includes(name)) process.stderr.write(`Parse error: Ignoring unknown option '${name}'\n`);
  }
  return options;
}

/** By hand, as people called the old agents: `fence_… -a IP -l LOGIN -p PASSWORD -o status`. */
function parseCommandLine(args) {
  const short = { ip: "a", username: "l", password: "p", password_script: "S", plug: "n", action: "o" };
  const text = (name) => [name.replace("_", "-"), { type: "string", short: short[name] }];
  const options = Object.fromEntries([
    ...Object.keys(short).map(text),
    ["delay", { type: "string", short: "f" }],
  ]);
  const { values } = parseArgs({ args, options });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replace("-", "_"), value]));
}

function checkOptions(options) {
  if (!options.ip) throw new Refusal("You have to enter fence address");
  if (!options.username) throw new Refusal("You have to set login name");
  if (!options.password && !options.password_script)
    throw new Refusal("You have to set login password or password script");
  for (const name of ["delay", "power_wait"]) {
    if (!/^\d*$/.test(options[name] ?? "")) throw new Refusal(`${name} takes whole seconds`);
  }
}

function passwordOf({ password, password_script: script }) {
  if (!script) return password;
  try {
    const stdio = ["ignore", "pipe", "ignore"];
    return execFileSync(script, { encoding: "utf8", timeout: SCRIPT_MS_MAX, stdio }).trimEnd();
  } catch {
    throw new Refusal("The password script failed");
  }
}

/** One question, one answer; a device that says nothing leaves us waiting, as a real one would. */
function ask(options, action) {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(options.ip).setEncoding("utf8");
    const request = { action, login: options.username, password: passwordOf(options), pid: process.pid };
    socket.on("connect", () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on("error", () => reject(new Refusal("Unable to connect/login to fencing device")));
    socket.on("close", () => reject(new Refusal("Connection lost")));
    socket.on("data", (chunk) => {
      text += chunk;
      if (text.length > REPLY_CHARS_MAX) socket.destroy();
      else if (text.includes("\n")) {
        resolve(JSON.parse(text));
        socket.destroy();
      }
    });
  });
}

async function command(options, action) {
  const reply = await ask(options, action);
  if (!reply.ok) throw new Refusal(reply.problem);
  return reply.power;
}

async function change(options, action, done) {
  if ((await command(options, "status")) === action) return `Success: Already ${action.toUpperCase()}`;
  await command(options, action);
  await sleep(Number(options.power_wait ?? 0) * 1_000);
  return done;
}

async function perform(options) {
  const action = (options.action ?? "reboot").toLowerCase();
  if (action === "metadata" || action === "meta-data") return { code: 0, text: METADATA };
  checkOptions(options);
  if (action === "off" || action === "reboot") await sleep(Number(options.delay ?? 0) * 1_000);
  switch (action) {
    case "validate-all":
      return { code: 0, text: "" };
    case "off":
      return { code: 0, text: await change(options, "off", "Success: Powered OFF") };
    case "on":
      return { code: 0, text: await change(options, "on", "Success: Powered ON") };
    case "reboot":
      await command(options, "off");
      await command(options, "on");
      return { code: 0, text: "Success: Rebooted" };
    case "status": {
      const power = await command(options, "status");
      return { code: power === "off" ? 2 : 0, text: `Status: ${power.toUpperCase()}` };
    }
    case "monitor":
      await command(options, "status");
      return { code: 0, text: "" };
    case "list":
    case "list-status":
      return { code: 0, text: "N/A" };
    default:
      throw new Refusal(`Unrecognised action '${action}'`);
  }
}

try {
  const args = process.argv.slice(2);
  const options = args.length === 0 ? parseLines(readFileSync(0, "utf8")) : parseCommandLine(args);
  const { code, text } = await perform(options);
  if (text !== "") process.stdout.write(`${text}\n`);
  process.exitCode = code;
} catch (error) {
  if (!(error instanceof Refusal) && !String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
  process.stderr.write(`Failed: ${error.message}\n`);
  process.exitCode = 1;
}
