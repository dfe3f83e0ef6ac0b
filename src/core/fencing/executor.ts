/**
 * The executor's side: walks the plan one agent run at a time. Knows no success but what was read
 * back. Source: docs/protocol.md, "Fencing a victim".
 */
import { type DeviceUse, type MethodConfig, nodeById } from "../config.ts";
import { type Incarnation, type NodeId, sameIncarnation } from "../ids.ts";
import type { AgentExit } from "../inputs.ts";
import type { Evidence, FenceStep } from "../ledger.ts";
import type { State, Turn } from "../state.ts";
import { byNode, emit, firstTime, log, multicast, name, update } from "../turn.ts";
import { suffices } from "./evidence.ts";
import {
  AVERTED_ON_MS,
  type Operation,
  READ_APART_MS,
  READ_RETRY_MS,
  READ_WINDOW_MS,
  STEPS_MAX,
  SWITCH_ON_MS,
} from "./operation.ts";
import { gradeOfOff, isReadBack, outletShared, type PlanStep, planMethod } from "./plan.ts";

function put(turn: Turn, operation: Operation): void {
  const others = turn.state.operations.filter((other) => other.attempt !== operation.attempt);
  update(turn, { operations: [...others, operation] });
}

function drop(turn: Turn, operation: Operation): void {
  update(turn, { operations: turn.state.operations.filter((other) => other.attempt !== operation.attempt) });
}

function methodsOf({ config, node }: Operation): readonly MethodConfig[] {
  return config === undefined ? [] : (nodeById(config, node)?.methods ?? []);
}

function useOf(operation: Operation, device: number): DeviceUse | undefined {
  return methodsOf(operation)[operation.method]?.devices[device];
}

/** Is what this operation shoots at still to be shot at? */
export function isWanted(state: State, operation: Operation): boolean {
  const target = byNode(state.ledger.victims, operation.node) ?? byNode(state.ledger.shots, operation.node);
  if (target === undefined) return false;
  return target.incarnation === undefined
    ? operation.incarnation === undefined
    : sameIncarnation(target.incarnation, operation.incarnation);
}

/** Only this node's executor calls this, at the delivery of its `fence-start`. */
export function beginOperation(
  turn: Turn,
  node: NodeId,
  incarnation: Incarnation | undefined,
  attempt: number,
): void {
  // An older operation at the same node has only its switching on left, which must not interfere.
  const others = turn.state.operations.filter((other) => other.node !== node || other.opId !== undefined);
  update(turn, { operations: others });
  const operation: Operation = {
    traits: [],
    node,
    ...(incarnation === undefined ? {} : { incarnation }),
    attempt,
    method: -1,
    todo: [],
    after: [],
    readBack: false,
    offReads: 0,
    steps: [],
    evidence: [],
    failures: [],
    reported: false,
  };
  if (turn.state.desk.awaits === undefined) begin(turn, operation);
  else put(turn, operation);
}

/** Not by older words than those in force, which could name another machine's controller. */
function begin(turn: Turn, operation: Operation): void {
  const { config, traits, ledger, desk } = turn.state;
  const reading = desk.read.get(ledger.epoch.config.digest);
  if (reading?.ok === false && config.digest !== ledger.epoch.config.digest) {
    const reason = `the configuration in force cannot be read here: ${reading.problem}`;
    finish(turn, operation, { ok: false, reason });
    emit(turn, { type: "read-config", digest: ledger.epoch.config.digest }); // By the next attempt it may work.
    return;
  }
  nextMethod(turn, { ...operation, config, traits });
}

function nextMethod(turn: Turn, operation: Operation): void {
  const method = operation.method + 1;
  const config = methodsOf(operation)[method];
  if (config === undefined) {
    const reason =
      operation.failures.length === 0 ? "no fence method is configured" : operation.failures.join("; ");
    finish(turn, operation, { ok: false, reason });
    return;
  }
  const suicide = outletShared(config, nodeById(turn.state.config, turn.state.nodeId));
  if (suicide !== undefined) {
    const why = `${suicide.device} ${suicide.plug} feeds ${name(turn.state, turn.state.nodeId)} as well, which would go off with it`;
    failMethod(turn, { ...withoutWaiting(operation), method }, why);
    return;
  }
  const plan = planMethod(config, operation.traits);
  advance(turn, {
    ...withoutWaiting(operation),
    method,
    todo: plan.proof,
    after: plan.after,
    readBack: isReadBack(plan),
    offReads: 0,
  });
}

function withoutWaiting(operation: Operation): Operation {
  const { opId: _op, pauseUntil: _pause, readingSince: _since, doubt: _doubt, ...rest } = operation;
  return rest;
}

function methodName(operation: Operation): string {
  return methodsOf(operation)[operation.method]?.name ?? "?";
}

function failMethod(turn: Turn, operation: Operation, why: string): void {
  const failure = `method ${methodName(operation)}: ${why}`;
  const quiet = (byNode(turn.state.ledger.victims, operation.node)?.rounds ?? 0) >= 2;
  log(
    turn,
    quiet ? "debug" : "warn",
    "method-failed",
    `fencing ${name(turn.state, operation.node)}, ${failure}`,
    operation.node,
  );
  nextMethod(turn, { ...operation, failures: [...operation.failures, failure].slice(-STEPS_MAX) });
}

function advance(turn: Turn, operation: Operation): void {
  if (!isWanted(turn.state, operation)) {
    avert(turn, operation);
    return;
  }
  const step = operation.todo[0];
  if (step === undefined) {
    prove(turn, operation);
    return;
  }
  runStep(
    turn,
    operation,
    step,
    step.type === "read" ? "status" : step.type === "raw" ? step.action : step.type,
  );
}

function runStep(turn: Turn, operation: Operation, step: PlanStep, action: string): void {
  const use = useOf(operation, step.device) as DeviceUse;
  const opId = turn.state.nextOpId;
  update(turn, { nextOpId: opId + 1 });
  const reading = step.type === "read" ? { readingSince: operation.readingSince ?? turn.now.mono } : {};
  const { pauseUntil: _pause, ...rest } = operation;
  put(turn, { ...rest, ...reading, opId });
  emit(turn, {
    type: "run-agent",
    opId,
    config: operation.config?.digest ?? "",
    node: operation.node,
    method: operation.method,
    device: step.device,
    action,
    budgetMs: use.budgetMs,
  });
  const first = step.type !== "read" || operation.readingSince === undefined;
  if (first && !operation.reported) {
    const doing = `method ${methodName(operation)}: ${use.device} ${action}`;
    multicast(turn, { type: "fence-progress", node: operation.node, attempt: operation.attempt, doing });
  }
}

/** The node is done or back by other means. What was switched off must not stay off for that. */
function avert(turn: Turn, operation: Operation): void {
  log(
    turn,
    "info",
    "averted",
    `fencing ${name(turn.state, operation.node)} is not needed any more`,
    operation.node,
  );
  // One that was called off, or whose time was over, may have sent its order all the same.
  const touched = operation.steps.some((step) => step.action === "off" && step.result !== "failed");
  const after = touched ? operation.after : [];
  const stopped: Operation = {
    ...withoutWaiting(operation),
    todo: [],
    after,
    reported: true,
    pauseUntil: turn.now.mono + AVERTED_ON_MS,
    outcome: { ok: false, reason: "averted" },
  };
  if (after.length === 0) drop(turn, stopped);
  else put(turn, stopped);
}

/** Every step of the method succeeded. */
function prove(turn: Turn, operation: Operation): void {
  const demand = turn.state.config.fenceDaemon.evidence;
  const method = methodsOf(operation)[operation.method];
  const devices = method?.devices ?? [];
  const listed = [
    ...new Set(devices.map((use) => (use.plug === "" ? use.device : `${use.device} ${use.plug}`))),
  ];
  const who = name(turn.state, turn.state.nodeId);
  const readBack = method === undefined ? "A" : gradeOfOff(method, operation.traits);
  const grade = operation.readBack ? readBack : "D";
  const what = operation.readBack ? "read off twice" : "said done; nothing read it back";
  const proof: Evidence = {
    grade,
    source: `${listed.join(" and ")} ${what} (asked by ${who})`,
    at: turn.now.wall,
    by: turn.state.nodeId,
  };
  const proven = { ...operation, evidence: [...operation.evidence, proof] };
  if (!suffices(grade, demand)) {
    failMethod(turn, proven, `its proof is of grade ${grade}, the configuration demands ${demand}`);
    return;
  }
  finish(turn, proven, { ok: true, reason: proof.source });
}

function finish(
  turn: Turn,
  operation: Operation,
  outcome: { readonly ok: boolean; readonly reason: string },
): void {
  put(turn, { ...withoutWaiting(operation), todo: [], outcome });
}

/** Says the result, once in every ring until it was delivered. */
function report(turn: Turn, operation: Operation): void {
  if (operation.outcome === undefined || operation.reported || turn.state.ring?.phase !== "synced") return;
  if (!firstTime(turn, `result ${operation.attempt}`)) return;
  multicast(turn, {
    type: "fence-result",
    node: operation.node,
    ...(operation.incarnation === undefined ? {} : { incarnation: operation.incarnation }),
    attempt: operation.attempt,
    ok: operation.outcome.ok,
    reason: operation.outcome.reason.slice(0, 500),
    steps: operation.steps,
    evidence: operation.evidence,
  });
}

/** Our own result was delivered. Switching on may follow, once nobody waits for the proof. */
export function onReported(turn: Turn, attempt: number): void {
  const operation = turn.state.operations.find((one) => one.attempt === attempt);
  if (operation === undefined) return;
  if (operation.outcome?.ok === true && operation.after.length > 0)
    put(turn, { ...operation, reported: true, pauseUntil: turn.now.mono + SWITCH_ON_MS });
  else drop(turn, operation);
}

function noteStep(
  turn: Turn,
  operation: Operation,
  exit: AgentExit,
  device: number,
  action: string,
): Operation {
  const use = useOf(operation, device);
  const step: FenceStep = {
    at: turn.now.wall,
    executor: turn.state.nodeId,
    attempt: operation.attempt,
    method: methodName(operation),
    methodIndex: operation.method,
    device: use?.device ?? "?",
    deviceIndex: device,
    agent: use?.agent ?? "?",
    action,
    result: exit.result,
    tookMs: exit.tookMs,
    ...(exit.power === undefined ? {} : { power: exit.power }),
    text: exit.detail.slice(0, 300),
  };
  const last = operation.steps.at(-1);
  const repeated =
    last?.action === "status" &&
    action === "status" &&
    last.deviceIndex === device &&
    last.power !== step.power;
  const kept = repeated && last.power !== "off" ? operation.steps.slice(0, -1) : operation.steps;
  return { ...operation, steps: [...kept, step].slice(-STEPS_MAX) };
}

/** Answers true when the exit belonged to a fencing operation. */
export function onOperationExit(turn: Turn, exit: AgentExit): boolean {
  const operation = turn.state.operations.find((one) => one.opId === exit.opId);
  if (operation === undefined) return false;
  const { opId: _op, ...idle } = operation;
  if (operation.outcome !== undefined) {
    onSwitchedOn(turn, idle, exit);
    return true;
  }
  const step = operation.todo[0] as PlanStep;
  const action = step.type === "read" ? "status" : step.type === "raw" ? step.action : step.type;
  const noted = noteStep(turn, idle, exit, step.device, action);
  const use = useOf(operation, step.device);
  const device = use?.device ?? "?";
  if (!isWanted(turn.state, noted)) avert(turn, noted);
  else if (step.type === "read") onRead(turn, noted, exit, device);
  else if (exit.result === "ok") advance(turn, { ...noted, todo: noted.todo.slice(1) });
  else if (step.type === "off" && exit.result === "failed" && operation.readBack) {
    const rest = noted.todo.slice(1);
    advance(turn, { ...noted, todo: rest, doubt: noted.doubt ?? `${device} ${action}: ${exit.detail}` });
  } else failMethod(turn, noted, `${device} ${action}: ${exit.detail}`);
  return true;
}

function onRead(turn: Turn, operation: Operation, exit: AgentExit, device: string): void {
  if (exit.result === "ok" && exit.power === "off") {
    const offReads = operation.offReads + 1;
    if (offReads >= 2) {
      const { readingSince: _since, ...rest } = operation;
      advance(turn, { ...rest, offReads: 0, todo: rest.todo.slice(1) });
    } else put(turn, { ...operation, offReads, pauseUntil: turn.now.mono + READ_APART_MS });
    return;
  }
  tellReading(turn, operation, exit, device);
  const reads = exit.power === "on" ? `${device} still reads on` : `${device} cannot be read: ${exit.detail}`;
  const since = operation.readingSince ?? turn.now.mono;
  if (operation.doubt !== undefined) failMethod(turn, operation, operation.doubt);
  else if (exit.result === "timeout" || turn.now.mono - since >= READ_WINDOW_MS) {
    failMethod(turn, operation, `the agent said done, but ${reads}`);
  } else put(turn, { ...operation, offReads: 0, pauseUntil: turn.now.mono + READ_RETRY_MS });
}

/** A device that reads "on" contradicts whoever says the opposite: all must know at once. */
function tellReading(turn: Turn, operation: Operation, exit: AgentExit, device: string): void {
  if (exit.result !== "ok" || exit.power !== "on") return;
  const doing = `method ${methodName(operation)}: ${device} reads on`;
  const read = { device, power: "on" as const, at: turn.now.wall };
  multicast(turn, { type: "fence-progress", node: operation.node, attempt: operation.attempt, doing, read });
}

function onSwitchedOn(turn: Turn, operation: Operation, exit: AgentExit): void {
  const step = operation.after[0];
  if (exit.result !== "ok" && step !== undefined) {
    const device = useOf(operation, step.device)?.device ?? "?";
    log(
      turn,
      "warn",
      "not-switched-on",
      `${name(turn.state, operation.node)} is fenced, but ${device} did not switch it on: ${exit.detail}`,
      operation.node,
    );
  }
  const after = operation.after.slice(1);
  if (after.length === 0) drop(turn, operation);
  else put(turn, { ...operation, after });
}

/** Everybody waits for the gate, nobody for the machine: it is switched on when the gate is open. */
function mayBeSwitchedOn(turn: Turn, operation: Operation): boolean {
  const { ledger } = turn.state;
  if (byNode(ledger.victims, operation.node) !== undefined) return false;
  const open = ledger.open && operation.outcome?.ok === true;
  return open || turn.now.mono >= (operation.pauseUntil ?? 0);
}

/** What is due by now: the second read after its pause, and switching on after the proof. */
export function driveOperations(turn: Turn): void {
  for (const { attempt } of turn.state.operations) {
    const operation = turn.state.operations.find((one) => one.attempt === attempt);
    if (operation === undefined || operation.opId !== undefined) continue;
    report(turn, operation);
    if (operation.outcome === undefined) {
      if (operation.config === undefined && turn.state.desk.awaits === undefined) begin(turn, operation);
      else if (operation.pauseUntil !== undefined && turn.now.mono >= operation.pauseUntil)
        advance(turn, operation);
    } else if (operation.reported && mayBeSwitchedOn(turn, operation)) {
      const step = operation.after[0];
      if (step === undefined) drop(turn, operation);
      else runStep(turn, operation, step, "on");
    }
  }
}
