/** Every simulator that can be started by hand, by the name of its type. Loaded when it is asked for. */
import type { Start } from "./simulated.ts";

type Load = () => Promise<Start>;

const ribcl =
  (model: "ilo1" | "ilo2" | "ilo2-old"): Load =>
  async () => {
    const [{ ribcl: start }, { RIBCL_MODELS }] = await Promise.all([
      import("./controllers.ts"),
      import("../ribcl/model.ts"),
    ]);
    return start(RIBCL_MODELS[model]);
  };

const redfish =
  (style: "ilo5" | "idrac9" | "openbmc" | "supermicro" | "multi"): Load =>
  async () => {
    const [{ redfish: start }, { REDFISH_STYLES }] = await Promise.all([
      import("./controllers.ts"),
      import("../redfish/style.ts"),
    ]);
    return start(REDFISH_STYLES[style]);
  };

const powerSwitch =
  (
    style: "apc-rpdu" | "apc-rpdu2" | "apc-msp" | "apc-ms" | "tripplite" | "eaton-managed" | "eaton-switched",
  ): Load =>
  async () => {
    const [{ powerSwitch: start }, { PDU_STYLES }] = await Promise.all([
      import("./switches.ts"),
      import("../snmp/style.ts"),
    ]);
    return start(PDU_STYLES[style]);
  };

const smclp =
  (model: "ilo" | "mp", algorithms: "today" | "old" = "today"): Load =>
  async () =>
    (await import("./controllers.ts")).smclp(model, algorithms);

const LOADERS: Readonly<Record<string, Load>> = {
  ipmi: async () => (await import("./controllers.ts")).ipmi,
  ilo: ribcl("ilo1"),
  ilo2: ribcl("ilo2"),
  "ilo2-old": ribcl("ilo2-old"),
  "redfish-ilo5": redfish("ilo5"),
  "redfish-idrac9": redfish("idrac9"),
  "redfish-openbmc": redfish("openbmc"),
  "redfish-supermicro": redfish("supermicro"),
  "redfish-multi": redfish("multi"),
  pve: async () => (await import("./controllers.ts")).pve,
  "ssh-ilo": smclp("ilo"),
  "ssh-ilo-old": smclp("ilo", "old"),
  "ssh-mp": smclp("mp"),
  "apc-rpdu": powerSwitch("apc-rpdu"),
  "apc-rpdu2": powerSwitch("apc-rpdu2"),
  "apc-msp": powerSwitch("apc-msp"),
  "apc-ms": powerSwitch("apc-ms"),
  tripplite: powerSwitch("tripplite"),
  "eaton-managed": powerSwitch("eaton-managed"),
  "eaton-switched": powerSwitch("eaton-switched"),
};

export const BY_HAND_TYPES: readonly string[] = Object.keys(LOADERS);

export async function loadByHand(type: string): Promise<Start | undefined> {
  return Object.hasOwn(LOADERS, type) ? LOADERS[type]?.() : undefined;
}
