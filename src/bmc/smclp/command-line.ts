/** The command line of a simulated iLO or MP: one line in, a text out. */
import type { Chassis } from "../chassis/chassis.ts";
import type { SmclpFault } from "./faults.ts";

export interface CommandLine {
  readonly prompt: string;
  /** Undefined: the session is over. */
  answer(line: string): string | undefined;
}

export interface CommandLineOptions {
  readonly model: "ilo" | "mp";
  readonly chassis: Chassis;
  readonly fault: () => SmclpFault;
  readonly onCommand: (line: string) => void;
}

/** Units: ms. How long a reset keeps the machine off. */
const RESET_MS = 150;
const DONE = "status=0\r\nstatus_tag=COMMAND COMPLETED\r\nWed Nov 25 09:18:45 2026\r\n\r\n";

function failed(tag: string): string {
  return `status=2\r\nstatus_tag=COMMAND PROCESSING FAILED\r\nerror_tag=${tag}\r\n\r\n`;
}

export function createCommandLine(options: CommandLineOptions): CommandLine {
  const { model, chassis, fault, onCommand } = options;
  // An MP has a menu of its own before, with another prompt.
  let isMenu = model === "mp";

  function show(): string {
    const now = fault();
    const isOn = chassis.power === "on" || chassis.power === "powering-off";
    const state = now.type === "odd-state" ? now.word : isOn ? "enabled" : "disabled";
    return `${DONE}\r\n/system1\r\n  Targets\r\n    firmware1\r\n    led1\r\n  Properties\r\n    name=ProLiant DL360 G7\r\n    number=CZJ84602N7\r\n    enabledstate=${state}\r\n    processor_number=2\r\n  Verbs\r\n    cd version exit show reset set start stop\r\n\r\n`;
  }

  function order(what: "on" | "off" | "reset", text: string): string {
    if (fault().type === "no-privilege") return failed("COMMAND SYNTAX ERROR: insufficient privilege");
    if (fault().type === "lies") return `${DONE}${text}\r\n\r\n`;
    if (what === "reset") {
      if (chassis.power === "off") return failed("INVALID OPTION: Server power is off");
      chassis.turn("off");
      setTimeout(() => chassis.turn("on"), RESET_MS).unref();
    } else chassis.turn(what);
    return `${DONE}${text}\r\n\r\n`;
  }

  return {
    get prompt() {
      if (isMenu) return "\r\nMP> ";
      return model === "mp" ? "\r\n</>MP> " : "\r\n</>hpiLO-> ";
    },
    answer(line) {
      const words = line.trim().toLowerCase().replace(/\s+/g, " ");
      if (words === "") return "";
      onCommand(words);
      if (words === "exit") return undefined;
      if (isMenu) {
        isMenu = words !== "smclp";
        return isMenu ? "Invalid command. Type HE for help.\r\n" : "Starting SM CLP\r\n";
      }
      switch (words) {
        case "show /system1":
        case "show system1":
          return show();
        case "start /system1":
          return order("on", "Server powering on .......");
        case "power on":
          return model === "ilo" ? order("on", "Server powering on .......") : UNKNOWN;
        case "power off hard":
          return model === "ilo" ? order("off", "Forcing server power off .......") : UNKNOWN;
        case "stop -f /system1":
          return order("off", "System1 stopped.");
        case "reset /system1 hard":
          return order("reset", "Resetting server.");
        case "power":
          return `${DONE}power: server power is currently: ${chassis.power === "off" ? "Off" : "On"}\r\n\r\n`;
        default:
          return UNKNOWN;
      }
    },
  };
}

const UNKNOWN = failed("COMMAND NOT RECOGNIZED");
