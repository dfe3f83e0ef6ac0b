import { type Command, InvalidArgumentError } from "commander";
import { createChassis } from "../../bmc/chassis/chassis.ts";
import { openIpmiSimulator } from "../../bmc/ipmi/simulator.ts";
import { openRedfishSimulator } from "../../bmc/redfish/simulator.ts";
import { REDFISH_STYLES, type RedfishStyle } from "../../bmc/redfish/style.ts";
import { RIBCL_MODELS, type RibclModel } from "../../bmc/ribcl/model.ts";
import { openRibclSimulator } from "../../bmc/ribcl/simulator.ts";
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
}

/** What stands by until its time is over. */
interface Simulator {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

type Start = (options: BmcOptions, onChange: (power: "on" | "off") => void) => Promise<Simulator>;

/** By `--type`. One line each: whoever simulates another kind of controller adds it here. */
const TYPES: Readonly<Record<string, Start>> = {
  ipmi: (options, onChange) => {
    const { host, port, login, password, offMs, onMs } = options;
    const chassis = createChassis({ offMs, onMs, onChange });
    return openIpmiSimulator({ chassis, host, port, login: { user: login, password } });
  },
  ilo: ribcl(RIBCL_MODELS.ilo1),
  ilo2: ribcl(RIBCL_MODELS.ilo2),
  "ilo2-old": ribcl(RIBCL_MODELS["ilo2-old"]),
  "redfish-ilo5": redfish(REDFISH_STYLES.ilo5),
  "redfish-idrac9": redfish(REDFISH_STYLES.idrac9),
  "redfish-openbmc": redfish(REDFISH_STYLES.openbmc),
  "redfish-supermicro": redfish(REDFISH_STYLES.supermicro),
  "redfish-multi": redfish(REDFISH_STYLES.multi),
};

function ribcl(model: RibclModel): Start {
  return ({ host, port, login, password, offMs, onMs }, onChange) => {
    const chassis = createChassis({ offMs, onMs, onChange });
    return openRibclSimulator({ model, chassis, host, port, login: { user: login, password } });
  };
}

function redfish(style: RedfishStyle): Start {
  return ({ host, port, login, password, offMs, onMs }, onChange) => {
    const chassis = createChassis({ offMs, onMs, onChange });
    return openRedfishSimulator({ style, chassis, host, port, login: { user: login, password } });
  };
}

export function addBmc(program: Command, shell: Shell): void {
  program
    .command("bmc")
    .description("simulate a management controller, to try agents on")
    .option("--type <type>", `which: ${Object.keys(TYPES).join(", ")}`, "ipmi")
    .option("--port <number>", "where it listens; 0: any free port", wholeNumber, 0)
    .option("--host <address>", "where it listens", "127.0.0.1")
    .option("--login <name>", "who may switch", "admin")
    .option("--password <text>", "made up for this simulator: never a real one", "secret")
    .option("--off-ms <number>", "time that an off takes", wholeNumber, 0)
    .option("--on-ms <number>", "time that an on takes", wholeNumber, 0)
    .addHelpText("after", "\nExample:\n  bouncer bmc --type ipmi --port 6230")
    .action(async (options: BmcOptions) => shell.finish(await standBy(options, shell.ctx)));
}

/** Until Ctrl-C. */
async function standBy(options: BmcOptions, ctx: CliContext): Promise<number> {
  const start = Object.hasOwn(TYPES, options.type) ? TYPES[options.type] : undefined;
  if (start === undefined) {
    ctx.err(
      `bouncer: no controller of type "${options.type}"; there are: ${Object.keys(TYPES).join(", ")}\n`,
    );
    return EXIT.usage;
  }
  const simulator = await start(options, (power) => ctx.out(`power ${power}\n`));
  ctx.out(`${options.type} controller on ${simulator.host} port ${simulator.port}, login ${options.login}\n`);
  await new Promise<void>((resolve) => {
    if (ctx.signal.aborted) resolve();
    ctx.signal.addEventListener("abort", () => resolve());
  });
  await simulator.close();
  return EXIT.ok;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("must be a whole number.");
  return Number(text);
}
