/** The grammar of RIBCL: what a card answers to each tag of one connection. */
import type { Chassis } from "../chassis/chassis.ts";
import type { RibclFault } from "./faults.ts";
import type { RibclModel } from "./model.ts";
import type { ClientTag } from "./tag-stream.ts";

export interface ConversationOptions {
  readonly model: RibclModel;
  readonly chassis: Chassis;
  readonly login: { readonly user: string; readonly password: string };
  /** Asked at each tag: a fault may begin in the middle. */
  readonly fault: () => RibclFault;
  /** Every command that is carried out, with its attributes. */
  readonly onCommand: (command: string) => void;
}

/** Shape: `next` says what becomes of the connection. */
export interface CardAnswer {
  readonly document?: string;
  readonly next: "go-on" | "login-failed";
}

interface Reply {
  readonly status?: string;
  readonly message?: string;
  readonly payload?: string;
}

const SYNTAX: Reply = { status: "0x0001", message: "Syntax error: Line #0: syntax error near the tag" };

export function createConversation(options: ConversationOptions): (tag: ClientTag) => CardAnswer {
  const { model, chassis, fault } = options;
  const open: string[] = [];
  let mode = "read";
  let wasUpdated = false;

  function write({ status = "0x0000", message = "No error", payload = "" }: Reply): CardAnswer {
    const root = model.root === "self-closed" ? "/>" : ">";
    const inform =
      open.length === 1 && !wasUpdated
        ? "<INFORM>Scripting utility should be updated to the latest version.</INFORM>\n"
        : "";
    if (inform !== "") wasUpdated = true;
    const response = `<RESPONSE\n    STATUS="${status}"\n    MESSAGE='${message}'\n     />\n`;
    const document = `<?xml version="1.0"?>\r\n<RIBCL VERSION="${model.ribcl}"${root}\n${response}${inform}${payload}</RIBCL>\n`;
    return { document, next: "go-on" };
  }

  function startOf({ name, attributes }: ClientTag): CardAnswer {
    const parent = open.at(-1);
    if (name === "RIBCL" && parent === undefined) {
      open.push(name);
      return write({});
    }
    if (name === "LOGIN" && parent === "RIBCL") {
      const { user, password } = options.login;
      const isRight = attributes.get("USER_LOGIN") === user && attributes.get("PASSWORD") === password;
      if (!isRight || fault().type === "refuses-login") {
        return { ...write({ status: "0x005F", message: "Login failed." }), next: "login-failed" };
      }
      open.push(name);
      return write({});
    }
    if ((name === "SERVER_INFO" || name === "RIB_INFO") && parent === "LOGIN") {
      mode = (attributes.get("MODE") ?? "read").toLowerCase();
      open.push(name);
      return write({});
    }
    return write(SYNTAX);
  }

  function commandOf(tag: ClientTag): CardAnswer {
    const parent = open.at(-1);
    if (tag.name === "GET_FW_VERSION") return write(parent === "RIB_INFO" ? firmware(model) : SYNTAX);
    if (parent !== "SERVER_INFO") return write(SYNTAX);
    if (tag.name === "GET_HOST_POWER_STATUS") {
      const word = chassis.power === "off" ? "OFF" : "ON";
      return write({ payload: `<GET_HOST_POWER\n    HOST_POWER="${word}"\n/>\n` });
    }
    if (tag.name === "GET_HOST_DATA") return write(hostData(model));
    const order = ORDERS[tag.name];
    const now = fault();
    const isUnknown = now.type === "knows-not" && now.command === tag.name;
    if (order === undefined || isUnknown) return write(SYNTAX);
    const privilege = "User does not have correct privilege for action. RESET_SERVER_PRIV required.";
    if (mode !== "write" || now.type === "no-privilege")
      return write({ status: "0x0023", message: privilege });
    options.onCommand([tag.name, ...[...tag.attributes].map(([key, value]) => `${key}=${value}`)].join(" "));
    return write(now.type === "lies" ? {} : order(chassis, tag.attributes, model));
  }

  return (tag) => {
    if (tag.kind === "declaration") return write({});
    if (tag.kind === "empty") return commandOf(tag);
    if (tag.kind === "start") return startOf(tag);
    if (open.at(-1) !== tag.name) return write(SYNTAX);
    open.pop();
    // The end of the root element is the one tag that has no answer.
    return tag.name === "RIBCL" ? { next: "go-on" } : write({});
  };
}

type Order = (chassis: Chassis, attributes: ReadonlyMap<string, string>, model: RibclModel) => Reply;

const isYes = (word: string | undefined): boolean => /^(yes|true|y|t|1|on)$/i.test(word ?? "");
const already = (power: "ON" | "OFF"): Reply => ({ message: `Host power is already ${power}.` });
const POWERED_OFF: Reply = { status: "0x0001", message: "Server is currently powered off." };

const ORDERS: Readonly<Record<string, Order>> = {
  HOLD_PWR_BTN(chassis, attributes, { holdWhenOff }) {
    if (chassis.power !== "off") chassis.turn("off");
    else if (isYes(attributes.get("TOGGLE")) || holdWhenOff === "powers-on") chassis.turn("on");
    else return already("OFF");
    return {};
  },
  PRESS_PWR_BTN(chassis) {
    chassis.press();
    return {};
  },
  SET_HOST_POWER(chassis, attributes) {
    const isOff = chassis.power === "off";
    if (isYes(attributes.get("HOST_POWER"))) {
      if (!isOff) return already("ON");
      chassis.turn("on");
      return {};
    }
    if (isOff) return already("OFF");
    chassis.press();
    return {};
  },
  RESET_SERVER: (chassis) => (chassis.power === "off" ? POWERED_OFF : {}),
};

function firmware({ firmware: version, processor }: RibclModel): Reply {
  return {
    payload:
      `<GET_FW_VERSION\n    FIRMWARE_VERSION = "${version}"\n    FIRMWARE_DATE    = "Jul 16 2010"\n` +
      `    MANAGEMENT_PROCESSOR    = "${processor}"\n     />\n`,
  };
}

/** Serial and UUID as SMBIOS type 1 has them, behind a record that is not meant. */
function hostData({ serial, uuid }: RibclModel): Reply {
  const field = (name: string, value: string): string => `<FIELD NAME="${name}" VALUE="${value}"/>\n`;
  const record = (type: number, subject: string, fields: string): string =>
    `<SMBIOS_RECORD TYPE="${type}" B64_DATA="AAA=">\n${field("Subject", subject)}${fields}</SMBIOS_RECORD>\n`;
  const system =
    field("Product Name", "ProLiant DL380 G5") + field("Serial Number", serial) + field("UUID", uuid);
  return {
    payload:
      `<GET_HOST_DATA>\n${record(0, "BIOS Information", field("Family", "P56"))}` +
      `${record(1, "System Information", system)}${record(4, "Processor Information", field("Speed", "2333"))}` +
      "</GET_HOST_DATA>\n",
  };
}
