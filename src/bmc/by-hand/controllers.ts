import { openIpmiSimulator } from "../ipmi/simulator.ts";
import { openPveSimulator } from "../pve/simulator.ts";
import { openRedfishSimulator } from "../redfish/simulator.ts";
import type { RedfishStyle } from "../redfish/style.ts";
import type { RibclModel } from "../ribcl/model.ts";
import { openRibclSimulator } from "../ribcl/simulator.ts";
import { openSmclpSimulator } from "../smclp/simulator.ts";
import { GARBAGE, SLOW_MS, type Start } from "./simulated.ts";

export const ipmi: Start = async ({ chassis, host, port, login: user, password }) => {
  const simulator = await openIpmiSimulator({ chassis, host, port, login: { user, password } });
  const { misbehave } = simulator;
  return {
    host: simulator.host,
    port: simulator.port,
    faults: {
      none: () => misbehave({ type: "none" }),
      "wrong-password": () => misbehave({ type: "other-password" }),
      "no-privilege": () => misbehave({ type: "no-privilege" }),
      "sessions-full": () => misbehave({ type: "sessions-full" }),
      restarts: () => misbehave({ type: "restarts" }),
      silent: () => misbehave({ type: "silent" }),
      slow: () => misbehave({ type: "slow", ms: SLOW_MS }),
      drops: () => misbehave({ type: "drops", every: 2 }),
      lies: () => misbehave({ type: "lies" }),
      garbage: () => misbehave({ type: "garbage", bytes: GARBAGE }),
    },
    close: simulator.close,
  };
};

export function ribcl(model: RibclModel): Start {
  return async ({ chassis, host, port, login: user, password }) => {
    const simulator = await openRibclSimulator({ model, chassis, host, port, login: { user, password } });
    const { misbehave } = simulator;
    return {
      host: simulator.host,
      port: simulator.port,
      faults: {
        none: () => misbehave({ type: "none" }),
        "wrong-password": () => misbehave({ type: "refuses-login", connection: "closed" }),
        "no-privilege": () => misbehave({ type: "no-privilege" }),
        silent: () => misbehave({ type: "silent" }),
        slow: () => misbehave({ type: "slow", ms: SLOW_MS }),
        // In the middle of the script: after the login, before the command.
        drops: () => misbehave({ type: "drops", after: 4 }),
        lies: () => misbehave({ type: "lies" }),
        garbage: () => misbehave({ type: "garbage", bytes: GARBAGE, from: 0 }),
        certificate: () => simulator.renewCertificate(),
      },
      close: simulator.close,
    };
  };
}

export function redfish(style: RedfishStyle): Start {
  return async ({ chassis, host, port, login: user, password }) => {
    const simulator = await openRedfishSimulator({ style, chassis, host, port, login: { user, password } });
    const { misbehave } = simulator;
    return {
      host: simulator.host,
      port: simulator.port,
      faults: {
        none: () => misbehave({ type: "none" }),
        "wrong-password": () => misbehave({ type: "other-password" }),
        "no-privilege": () => misbehave({ type: "no-privilege" }),
        "sessions-full": () => misbehave({ type: "sessions-full" }),
        "no-basic": () => misbehave({ type: "no-basic" }),
        busy: () => misbehave({ type: "busy" }),
        silent: () => misbehave({ type: "silent" }),
        slow: () => misbehave({ type: "slow", ms: SLOW_MS }),
        drops: () => misbehave({ type: "drops" }),
        lies: () => misbehave({ type: "lies" }),
        garbage: () =>
          misbehave({ type: "garbage", status: 200, body: Buffer.from(GARBAGE).toString("latin1") }),
        certificate: () => simulator.renewCertificate(),
      },
      close: simulator.close,
    };
  };
}

export function smclp(model: "ilo" | "mp", algorithms: "today" | "old"): Start {
  return async ({ chassis, host, port, login: user, password }) => {
    const login = { user, password };
    const simulator = await openSmclpSimulator({ model, chassis, login, host, port, algorithms });
    const { misbehave } = simulator;
    return {
      host: simulator.host,
      port: simulator.port,
      faults: {
        none: () => misbehave({ type: "none" }),
        "wrong-password": () => misbehave({ type: "other-password" }),
        "no-privilege": () => misbehave({ type: "no-privilege" }),
        "sessions-full": () => misbehave({ type: "sessions-full" }),
        silent: () => misbehave({ type: "silent" }),
        slow: () => misbehave({ type: "slow", ms: SLOW_MS }),
        // In the middle: the greeting and the state are said, the order is done, its answer never comes.
        drops: () => misbehave({ type: "drops", after: 2 }),
        lies: () => misbehave({ type: "lies" }),
        "odd-state": () => misbehave({ type: "odd-state", word: "enabled but offline" }),
        garbage: () => misbehave({ type: "garbage", bytes: GARBAGE }),
        floods: () => misbehave({ type: "floods" }),
        "host-key": () => simulator.renewHostKey(),
      },
      close: simulator.close,
    };
  };
}

/** A login without a realm is one of root's realm; the machine is number 102. */
export const pve: Start = async ({ chassis, host, port, login, password }) => {
  const user = login.includes("@") ? login : `${login}@pam`;
  const simulator = await openPveSimulator({ chassis, login: { user, password }, host, port });
  const { misbehave } = simulator;
  return {
    host: simulator.host,
    port: simulator.port,
    faults: {
      none: () => misbehave({ type: "none" }),
      "wrong-password": () => misbehave({ type: "other-password" }),
      "no-privilege": () => misbehave({ type: "no-privilege" }),
      silent: () => misbehave({ type: "silent" }),
      slow: () => misbehave({ type: "slow", ms: SLOW_MS }),
      drops: () => misbehave({ type: "drops" }),
      lies: () => misbehave({ type: "lies" }),
      "host-gone": () => misbehave({ type: "host-gone" }),
      garbage: () =>
        misbehave({ type: "garbage", status: 200, body: Buffer.from(GARBAGE).toString("latin1") }),
      migrate: () => simulator.migrate(),
      certificate: () => simulator.renewCertificate(),
    },
    close: simulator.close,
  };
};
