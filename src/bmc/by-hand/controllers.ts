import { openIpmiSimulator } from "../ipmi/simulator.ts";
import { openPveSimulator } from "../pve/simulator.ts";
import { openRedfishSimulator } from "../redfish/simulator.ts";
import type { RedfishStyle } from "../redfish/style.ts";
import type { RibclModel } from "../ribcl/model.ts";
import { openRibclSimulator } from "../ribcl/simulator.ts";
import { openSmclpSimulator } from "../smclp/simulator.ts";
import { GARBAGE, type Start, simulatedBy } from "./simulated.ts";

export const ipmi: Start = async ({ chassis, host, port, login: user, password }) => {
  const simulator = await openIpmiSimulator({ chassis, host, port, login: { user, password } });
  return simulatedBy(simulator, {
    "wrong-password": { type: "other-password" },
    "no-privilege": { type: "no-privilege" },
    "sessions-full": { type: "sessions-full" },
    restarts: { type: "restarts" },
    drops: { type: "drops", every: 2 },
    garbage: { type: "garbage", bytes: GARBAGE },
  });
};

export function ribcl(model: RibclModel): Start {
  return async ({ chassis, host, port, login: user, password }) => {
    const simulator = await openRibclSimulator({ model, chassis, host, port, login: { user, password } });
    return simulatedBy(simulator, {
      "wrong-password": { type: "refuses-login", connection: "closed" },
      "no-privilege": { type: "no-privilege" },
      // In the middle of the script: after the login, before the command.
      drops: { type: "drops", after: 4 },
      garbage: { type: "garbage", bytes: GARBAGE, from: 0 },
      certificate: () => simulator.renewCertificate(),
    });
  };
}

export function redfish(style: RedfishStyle): Start {
  return async ({ chassis, host, port, login: user, password }) => {
    const simulator = await openRedfishSimulator({ style, chassis, host, port, login: { user, password } });
    return simulatedBy(simulator, {
      "wrong-password": { type: "other-password" },
      "no-privilege": { type: "no-privilege" },
      "sessions-full": { type: "sessions-full" },
      "no-basic": { type: "no-basic" },
      busy: { type: "busy" },
      drops: { type: "drops" },
      garbage: { type: "garbage", status: 200, body: Buffer.from(GARBAGE).toString("latin1") },
      certificate: () => simulator.renewCertificate(),
    });
  };
}

export function smclp(model: "ilo" | "mp", algorithms: "today" | "old"): Start {
  return async ({ chassis, host, port, login: user, password }) => {
    const login = { user, password };
    const simulator = await openSmclpSimulator({ model, chassis, login, host, port, algorithms });
    return simulatedBy(simulator, {
      "wrong-password": { type: "other-password" },
      "no-privilege": { type: "no-privilege" },
      "sessions-full": { type: "sessions-full" },
      // In the middle: the greeting and the state are said, the order is done, its answer never comes.
      drops: { type: "drops", after: 2 },
      "odd-state": { type: "odd-state", word: "enabled but offline" },
      garbage: { type: "garbage", bytes: GARBAGE },
      floods: { type: "floods" },
      "host-key": () => simulator.renewHostKey(),
    });
  };
}

/** A login without a realm is one of root's realm; the machine is number 102. */
export const pve: Start = async ({ chassis, host, port, login, password }) => {
  const user = login.includes("@") ? login : `${login}@pam`;
  const simulator = await openPveSimulator({ chassis, login: { user, password }, host, port });
  return simulatedBy(simulator, {
    "wrong-password": { type: "other-password" },
    "no-privilege": { type: "no-privilege" },
    drops: { type: "drops" },
    "host-gone": { type: "host-gone" },
    garbage: { type: "garbage", status: 200, body: Buffer.from(GARBAGE).toString("latin1") },
    migrate: () => simulator.migrate(),
    certificate: () => simulator.renewCertificate(),
  });
};
