/** One system: what it says of its power, and how it wants to be told. Source: DSP0268, ComputerSystem. */
import type { Identity, Power } from "../frame/agent.ts";
import { arrayOf, type Json, linkOf, objectOf, pathOf, textOf } from "./json.ts";

/** Only `On` and `Off` are states; what is changing, paused or unheard of is neither. */
export function powerOf(system: Json): Power {
  if (system["PowerState"] === "Off") return "off";
  return system["PowerState"] === "On" ? "on" : "unknown";
}

export interface ResetAction {
  readonly target: string;
  /** Absent: the device does not say what it takes. */
  readonly allowed?: readonly string[];
  /** Where it says so instead. */
  readonly info?: string;
}

export function resetOf(system: Json): ResetAction | undefined {
  const action = objectOf(objectOf(system["Actions"])?.["#ComputerSystem.Reset"]);
  const target = pathOf(action?.["target"]);
  if (action === undefined || target === undefined) return undefined;
  const allowed = wordsOf(action["ResetType@Redfish.AllowableValues"]);
  const info = pathOf(action["@Redfish.ActionInfo"]) ?? linkOf(action["@Redfish.ActionInfo"]);
  return {
    target,
    ...(allowed.length === 0 ? {} : { allowed }),
    ...(info === undefined ? {} : { info }),
  };
}

/** The values of ResetType in an ActionInfo. */
export function allowedOf(info: Json): readonly string[] {
  const parameters = arrayOf(info["Parameters"]).map(objectOf);
  return wordsOf(parameters.find((parameter) => parameter?.["Name"] === "ResetType")?.["AllowableValues"]);
}

/**
 * Hard, and never a toggle: GracefulShutdown asks a sick operating system, PushPowerButton does the
 * opposite when it is repeated.
 */
const RESET_TYPES = { on: ["On", "ForceOn"], off: ["ForceOff"], diag: ["Nmi"] } as const;

export type Wish = keyof typeof RESET_TYPES;

/** Undefined: the device takes none that would do. */
export function resetTypeFor(wish: Wish, allowed: readonly string[] | undefined): string | undefined {
  const types: readonly string[] = RESET_TYPES[wish];
  return allowed === undefined ? types[0] : types.find((type) => allowed.includes(type));
}

export function identityOf(system: Json): Identity {
  const serial = textOf(system["SerialNumber"])?.trim();
  const uuid = textOf(system["UUID"])?.trim().toLowerCase();
  const product = [system["Manufacturer"], system["Model"]].map(textOf).filter((part) => part !== undefined);
  const isUuid = uuid !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid);
  return {
    ...(serial ? { serial } : {}),
    uuids: isUuid ? [uuid] : [],
    ...(product.length === 0 ? {} : { product: product.join(" ") }),
  };
}

function wordsOf(value: unknown): readonly string[] {
  return arrayOf(value).filter((word) => typeof word === "string");
}
