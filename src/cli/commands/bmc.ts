import { createInterface } from "node:readline";
import { type Command, InvalidArgumentError } from "commander";
import type { Simulated } from "../../bmc/by-hand/simulated.ts";
import { BY_HAND_TYPES, loadByHand } from "../../bmc/by-hand/types.ts";
import { type Chassis, createChassis } from "../../bmc/chassis/chassis.ts";
import { nearest } from "../../config/nearest.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import type { Shell } from "../session.ts";

interface BmcOptions {
  readonly type: string;
  readonly port: number;
  readonly host: string;
  readonly login: string;
  readonly password: string;
  readonly offMs: number;
  readonly onMs: number;
  readonly fault: string;
}

const HELP = `
While it runs it takes lines on standard input:
  power              what the machine behind it is
  on, off, press     somebody at the machine: the switch, or a short press of the button
  hang, stick, mend  the machine ignores a short press; ignores every order; obeys again
  fault NAME         from now on; "fault none" ends it, "faults" lists them

Example:
  bouncer bmc --type ipmi --port 6230 --off-ms 6000`;

export function addBmc(program: Command, shell: Shell): void {
  program
    .command("bmc")
    .description("simulate a management controller or a power switch, to try agents on")
    .option("--type <type>", `which: ${BY_HAND_TYPES.join(", ")}`, "ipmi")
    .option("--port <number>", "where it listens; 0: any free one", wholeNumber, 0)
    .option("--host <address>", "where it listens", "127.0.0.1")
    .option("--login <name>", "who may switch", "admin")
    .option("--password <text>", "made up for this simulator: never a real one", "secret")
    .option("--off-ms <number>", "time that an off takes", wholeNumber, 0)
    .option("--on-ms <number>", "time that an on takes", wholeNumber, 0)
    .option("--fault <name>", "what it does wrong from the start", "none")
    .addHelpText("after", HELP)
    .action(async (options: BmcOptions) => shell.finish(await standBy(options, shell.ctx)));
}

/** Until Ctrl-C. */
async function standBy(options: BmcOptions, ctx: CliContext): Promise<number> {
  const { type, host, port, login, password, offMs, onMs } = options;
  const start = await loadByHand(type);
  if (start === undefined) {
    ctx.err(`bouncer: no simulator of type "${type}"; ${choices(type, BY_HAND_TYPES)}\n`);
    return EXIT.usage;
  }
  const chassis = createChassis({ offMs, onMs, onChange: (power) => ctx.out(`power ${power}\n`) });
  const simulated = await start({ chassis, host, port, login, password });
  const isFaulty = await misbehave(simulated, options.fault, ctx);
  if (isFaulty) {
    ctx.out(`${type} on ${simulated.host} port ${simulated.port}, login ${login}\n`);
    const lines = createInterface({ input: process.stdin });
    let work = Promise.resolve();
    lines.on("line", (line) => {
      work = work.then(() => obey(line.trim(), chassis, simulated, ctx));
    });
    await new Promise<void>((resolve) => {
      if (ctx.signal.aborted) resolve();
      ctx.signal.addEventListener("abort", () => resolve());
    });
    lines.close();
    process.stdin.destroy();
  }
  chassis.close();
  await simulated.close();
  return isFaulty ? EXIT.ok : EXIT.usage;
}

async function obey(line: string, chassis: Chassis, simulated: Simulated, ctx: CliContext): Promise<void> {
  const [word = "", name = ""] = line.split(/\s+/);
  switch (word) {
    case "":
      return;
    case "power":
      return ctx.out(`power ${chassis.power}\n`);
    case "on":
    case "off":
      return chassis.turn(word);
    case "press":
      return chassis.press();
    case "hang":
    case "stick":
    case "mend":
      chassis.health = word === "mend" ? "well" : word === "hang" ? "hung" : "stuck";
      return ctx.out(`the machine is ${chassis.health}\n`);
    case "faults":
      return ctx.out(`faults: ${Object.keys(simulated.faults).join(", ")}\n`);
    case "fault":
      if (await misbehave(simulated, name, ctx)) ctx.out(`fault ${name}\n`);
      return;
    default:
      ctx.err(
        `bouncer: "${word}" is no word of this simulator: power, on, off, press, hang, stick, mend, fault NAME, faults\n`,
      );
  }
}

async function misbehave({ faults }: Simulated, name: string, ctx: CliContext): Promise<boolean> {
  const begin = Object.hasOwn(faults, name) ? faults[name] : undefined;
  if (begin === undefined) {
    ctx.err(`bouncer: this simulator has no fault "${name}"; ${choices(name, Object.keys(faults))}\n`);
    return false;
  }
  await begin();
  return true;
}

function choices(given: string, names: readonly string[]): string {
  const near = nearest(given, names);
  return `${near === undefined ? "" : `did you mean "${near}"? `}There are: ${names.join(", ")}`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("must be a whole number.");
  return Number(text);
}
