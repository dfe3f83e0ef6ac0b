/** The documents of the service, as the style has them. Source: DSP0268. */
import type { ChassisPower } from "../chassis/chassis.ts";
import type { RedfishStyle } from "./style.ts";

export type Document = Readonly<Record<string, unknown>>;

export const ROOT = "/redfish/v1";
export const SESSIONS = `${ROOT}/SessionService/Sessions`;

/** The path as this controller writes it. */
export function written(path: string, { paths }: RedfishStyle): string {
  return paths === "slash" ? `${path}/` : path;
}

export function systemPath(id: string): string {
  return `${ROOT}/Systems/${id}`;
}

export function resetPath(id: string): string {
  return `${systemPath(id)}/Actions/ComputerSystem.Reset`;
}

export function serviceRoot(style: RedfishStyle): Document {
  return {
    "@odata.id": written(ROOT, style),
    "@odata.type": "#ServiceRoot.v1_5_0.ServiceRoot",
    Id: "RootService",
    RedfishVersion: "1.6.0",
    UUID: style.uuid,
    Systems: { "@odata.id": written(`${ROOT}/Systems`, style) },
    Links: { Sessions: { "@odata.id": written(SESSIONS, style) } },
  };
}

export function systems(style: RedfishStyle): Document {
  return {
    "@odata.id": written(`${ROOT}/Systems`, style),
    "@odata.type": "#ComputerSystemCollection.ComputerSystemCollection",
    Members: style.systems.map((id) => ({ "@odata.id": written(systemPath(id), style) })),
    "Members@odata.count": style.systems.length,
  };
}

const CHANGING = {
  "powering-on": "PoweringOn",
  "powering-off": "PoweringOff",
  on: "On",
  off: "Off",
} as const;
/** What a controller says that shows no change: the old state till the new one is there. */
const STEADY = { "powering-on": "Off", "powering-off": "On", on: "On", off: "Off" } as const;

export function system(id: string, power: ChassisPower, style: RedfishStyle): Document {
  const isMachine = id === style.machine;
  const infoPath = `${systemPath(id)}/ResetActionInfo`;
  return {
    "@odata.id": written(systemPath(id), style),
    "@odata.type": "#ComputerSystem.v1_10_0.ComputerSystem",
    Id: id,
    Manufacturer: style.manufacturer,
    Model: style.model,
    SerialNumber: isMachine ? style.serial : `${style.serial}-${id}`,
    UUID: isMachine ? style.uuid : null,
    PowerState: (style.changing === "shown" ? CHANGING : STEADY)[power],
    Actions: {
      "#ComputerSystem.Reset": {
        target: written(resetPath(id), style),
        ...(style.listed === "inline" ? { "ResetType@Redfish.AllowableValues": style.resetTypes } : {}),
        ...(style.listed === "action-info" ? { "@Redfish.ActionInfo": infoPath } : {}),
      },
    },
  };
}

export function resetActionInfo(id: string, style: RedfishStyle): Document {
  return {
    "@odata.id": `${systemPath(id)}/ResetActionInfo`,
    "@odata.type": "#ActionInfo.v1_1_2.ActionInfo",
    Parameters: [
      { Name: "ResetType", Required: true, DataType: "String", AllowableValues: style.resetTypes },
    ],
  };
}

export function errorOf(id: string, message: string): Document {
  return {
    error: {
      code: "Base.1.8.GeneralError",
      message: "See @Message.ExtendedInfo for more information.",
      "@Message.ExtendedInfo": [{ MessageId: id, Message: message }],
    },
  };
}
