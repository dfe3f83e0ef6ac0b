/** Every action of every power agent: asks the device, tells it, reads back, says goodbye. */
import {
  type AgentAction,
  type AgentAnswer,
  type AgentContext,
  type AgentProblem,
  CLOSING_MS_MAX,
  type Phase,
  type Power,
  problem,
  type Result,
} from "./agent.ts";
import type { PlugEntry, PowerAgentSpec, PowerDevice } from "./device.ts";
import { leftMs, limited, pause } from "./pace.ts";
import { createSwitch, type Switch } from "./switch.ts";
import { TEXT } from "./texts.ts";
import type { Values } from "./values.ts";

/** Units: pieces. No device has as many outlets; a list that long is a mistake. */
const PLUGS_MAX = 256;

/** Never rejects. Ends at the deadline, plus {@link CLOSING_MS_MAX} for the goodbye. */
export async function drive(
  spec: PowerAgentSpec,
  action: AgentAction,
  values: Values,
  outer: AgentContext,
): Promise<AgentAnswer> {
  const { context, release } = limited(outer);
  let device: PowerDevice | undefined;
  const over = new AbortController();
  const work = async (): Promise<AgentAnswer> => {
    if (action === "off" || action === "reboot") {
      await pause(values.number("delay", 0) * 1_000, context.signal);
    }
    if (leftMs(context) <= 0) return failure(cancelled(), "status");
    const opened = await spec.open(values, context);
    if (!opened.ok) return failure(opened.problem, "status");
    // Opened too late: nobody waits for it any more, and the device wants its session back.
    if (over.signal.aborted) await opened.value.close();
    device = opened.value;
    return act(device, action, values, context, { always: spec.onTarget === true });
  };
  const expiry = pause(leftMs(context) + CLOSING_MS_MAX, over.signal).then(() =>
    failure(cancelled(), "status"),
  );
  try {
    return await Promise.race([work().catch((error) => crashed(error, values, spec)), expiry]);
  } finally {
    release();
    const closing = device?.close().catch(() => {}); // Nobody is left to be told.
    if (closing !== undefined) await Promise.race([closing, pause(CLOSING_MS_MAX, over.signal)]);
    over.abort();
  }
}

async function act(
  device: PowerDevice,
  action: AgentAction,
  values: Values,
  context: AgentContext,
  on: { readonly always: boolean },
): Promise<AgentAnswer> {
  const plugs = plugsOf(values);
  if (plugs.length > PLUGS_MAX) {
    return failure({ kind: "usage", detail: `more than ${PLUGS_MAX} plugs are named` }, "status");
  }
  const lever = createSwitch({ device, plugs, values, context });
  switch (action) {
    case "on":
      return switchOn(lever, values, on);
    case "off":
      return switchOff(lever);
    case "reboot":
      return values.choice("method") === "cycle" && device.cycle !== undefined
        ? cycle(lever, device.cycle.bind(device), values)
        : reboot(lever, values);
    case "diag":
      return device.diag === undefined
        ? failure({ kind: "unsupported", detail: "this device has no diagnostic interrupt" }, "cycle")
        : interrupt(lever, device.diag.bind(device));
    case "list":
    case "list-status":
      return list(device, action, values);
    case "monitor":
      if (device.ready !== undefined) return monitor(await device.ready());
      return device.list === undefined
        ? status(device, lever, "monitor", context)
        : list(device, action, values);
    case "status":
      return status(device, lever, "status", context);
    case "metadata":
    case "manpage":
    case "validate-all":
      return failure({ kind: "usage", detail: `${action} is answered without the device` }, "status");
    default:
      return action satisfies never;
  }
}

async function status(
  device: PowerDevice,
  lever: Switch,
  action: "status" | "monitor",
  context: AgentContext,
): Promise<AgentAnswer> {
  const read = await lever.read();
  if (!read.ok) return failure(read.problem, "status");
  if (read.value === "unknown") return failure(undecided(), "status");
  const asked = context.identity === "skip" ? undefined : await device.identity?.(context.identity);
  return {
    ok: true,
    power: read.value,
    proof: "read-back",
    said: action === "status" ? [`Status: ${read.value.toUpperCase()}`] : [],
    warnings: asked?.ok === false ? [`it did not say who it is: ${asked.problem.detail}`] : [],
    ...(asked?.ok === true ? { identity: asked.value } : {}),
  };
}

function monitor(ready: Result<void>): AgentAnswer {
  if (!ready.ok) return failure(ready.problem, "status");
  return { ok: true, power: "unknown", proof: "none", said: [], warnings: [] };
}

async function switchOff(lever: Switch): Promise<AgentAnswer> {
  const before = await lever.read();
  if (!before.ok) return failure(before.problem, "status");
  const told = before.value === "off" ? await lever.confirmOff() : undefined;
  if (told?.ok === true) return done("off", "Already OFF");
  const reached = await lever.turn("off");
  return reached.ok ? done("off", "Powered OFF") : failure(reached.problem, "off");
}

async function switchOn(
  lever: Switch,
  values: Values,
  { always }: { readonly always: boolean },
): Promise<AgentAnswer> {
  const before = await lever.read();
  if (!before.ok) return failure(before.problem, "status");
  if (before.value === "on" && !always) return done("on", "Already ON");
  const reached = await lever.turnOn(1 + Math.max(0, values.number("retry_on", 1)));
  return reached.ok ? done("on", "Powered ON") : failure(reached.problem, "on");
}

/** Off and verified, then on. What becomes of the on does not change that the node was fenced. */
async function reboot(lever: Switch, values: Values): Promise<AgentAnswer> {
  const off = await switchOff(lever);
  if (!off.ok) return off;
  const attempts = Math.max(0, values.number("retry_on", 1));
  const reached: Result<void> =
    attempts === 0
      ? problem("not-reached", "retry_on is 0: it was not told to switch on")
      : await lever.turnOn(attempts);
  if (reached.ok) return done("on", "Rebooted");
  return {
    ...done("unknown", "Rebooted"),
    warnings: [`${TEXT.onFailed}: it is off and stays so: ${reached.problem.detail}`],
  };
}

async function cycle(
  lever: Switch,
  order: (plug: string) => Promise<Result<void>>,
  values: Values,
): Promise<AgentAnswer> {
  const before = await lever.read();
  if (!before.ok) return failure(before.problem, "status");
  // A device refuses to cycle what is off. It is fenced; what is left to do is the on.
  if (before.value === "off") return reboot(lever, values);
  const accepted = await lever.each(order);
  if (!accepted.ok) return failure(accepted.problem, "cycle");
  return {
    ...done("unknown", "Rebooted"),
    proof: "accepted",
    warnings: ["method=cycle: the device accepted it, nobody saw the power go off"],
  };
}

async function interrupt(
  lever: Switch,
  order: (plug: string) => Promise<Result<void>>,
): Promise<AgentAnswer> {
  const before = await lever.read();
  if (!before.ok) return failure(before.problem, "status");
  if (before.value === "unknown") return failure(undecided(), "status");
  const accepted = await lever.each(order);
  if (!accepted.ok) return failure(accepted.problem, "cycle");
  return { ...done(before.value, "Rebooted"), proof: "accepted" };
}

async function list(device: PowerDevice, action: AgentAction, values: Values): Promise<AgentAnswer> {
  const base = { ok: true as const, power: "unknown" as const, proof: "none" as const, warnings: [] };
  if (device.list === undefined) return { ...base, said: [TEXT.noList] };
  const entries = await device.list();
  if (!entries.ok) return failure(entries.problem, "list");
  if (action === "monitor") return { ...base, said: [] };
  const separator = values.text("separator") ?? ",";
  const line = ({ plug, alias, power }: PlugEntry): string =>
    [plug, alias, ...(action === "list-status" ? [power.toUpperCase()] : [])].join(separator);
  return { ...base, said: entries.value.map(line) };
}

function plugsOf(values: Values): readonly string[] {
  const text = values.isOn("port_as_ip") ? undefined : values.text("plug");
  if (text === undefined) return [""];
  const separator = values.text("plug_separator") ?? "";
  const plugs = separator === "" ? [text] : text.split(separator);
  return [...new Set(plugs)];
}

function done(power: Power, what: string): AgentAnswer & { ok: true } {
  return { ok: true, power, proof: "read-back", said: [`Success: ${what}`], warnings: [] };
}

function failure(problem: AgentProblem, phase: Phase): AgentAnswer & { ok: false } {
  return { ok: false, power: "unknown", problem, phase, said: [], warnings: [] };
}

function undecided(): AgentProblem {
  return {
    kind: "not-reached",
    detail: "the device says neither on nor off: its state is changing, or not known",
  };
}

function cancelled(): AgentProblem {
  return { kind: "cancelled", detail: "its time was over, or it was called off" };
}

/** A mistake in an agent is a failure of this one run. Its message stays out when it tells a secret. */
function crashed(error: unknown, values: Values, { name, parameters }: PowerAgentSpec): AgentAnswer {
  const text = error instanceof Error ? error.message : String(error);
  const tells = values.secrets(parameters).some((secret) => text.includes(secret));
  const detail = `${name} itself failed: ${tells ? "(its message would tell a secret)" : text}`;
  return failure({ kind: "protocol", detail }, "status");
}
