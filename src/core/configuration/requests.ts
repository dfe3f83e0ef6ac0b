/** What people ask for: staged, activated, confirmed, discarded. Each is sent once per ring until it is answered. */
import type { ConfigRequest } from "../inputs.ts";
import type { Body } from "../messages.ts";
import type { PendingConfig } from "../requests/pending.ts";
import type { Turn } from "../state.ts";
import { emit, firstTime, forgetSent, multicast, update } from "../turn.ts";
import { beingFenced, onActivate, onConfirm, whyNotActivate, whyNotConfirm } from "./activate.ts";
import { whyThin, whyTooFewDisks } from "./disks.ts";
import { fixedProblems } from "./fixed.ts";
import { noteHeld, noteReading } from "./keep.ts";
import { type ConfigRefusal, onDiscard, onStage, whyNotStage } from "./stage.ts";

type ConfigBody = Extract<Body, { type: "stage" | "activate" | "confirm" | "discard" }>;

function answer(
  turn: Turn,
  id: string,
  refusal: ConfigRefusal | undefined,
  type?: "staged" | "discarded" | "activated" | "confirmed",
): void {
  update(turn, { requests: turn.state.requests.filter((request) => request.id !== id) });
  if (refusal !== undefined) {
    emit(turn, { type: "reply", id, reply: { ok: false, error: refusal.error, detail: refusal.detail } });
  } else if (type !== undefined) {
    const { epoch, configs } = turn.state.ledger;
    const { version, digest } = type === "staged" ? (configs.staged ?? epoch.config) : epoch.config;
    emit(turn, { type: "reply", id, reply: { ok: true, result: { type, version, digest, epoch: epoch.n } } });
  }
}

export function onConfigRequest(turn: Turn, id: string, request: ConfigRequest): void {
  const refusal = refuseAtOnce(turn, request);
  if (refusal !== undefined) {
    answer(turn, id, refusal);
    return;
  }
  if (request.type === "config-stage") {
    const { config, traits } = request;
    noteHeld(turn, config.digest);
    noteReading(turn, config.digest, { ok: true, config, traits });
  }
  update(turn, { requests: [...turn.state.requests, { type: "config", id, request, asked: false }] });
}

function refuseAtOnce(turn: Turn, request: ConfigRequest): ConfigRefusal | undefined {
  const { state } = turn;
  switch (request.type) {
    case "config-stage": {
      const fixed = fixedProblems(state.config, request.config, state.ledger);
      if (fixed.length > 0) return { error: "CFG_FIXED", detail: fixed.join("; ") };
      return whyNotStage(state, stageOf(turn, request));
    }
    case "config-activate": {
      if (request.wait && beingFenced(state).length > 0) return undefined;
      return whyNotActivate(state, request) ?? whyTooFewDisks(state);
    }
    case "config-confirm":
      return whyNotConfirm(state);
    case "config-discard":
      return whyNotDiscard(turn, request.digest);
  }
}

function whyNotDiscard(turn: Turn, digest: string): ConfigRefusal | undefined {
  const { staged, wish } = turn.state.ledger.configs;
  if (wish !== undefined)
    return { error: "CFG_BUSY", detail: `version ${wish.version} is being activated already` };
  if (staged === undefined) return { error: "CFG_NOT_STAGED", detail: "nothing is staged" };
  if (staged.digest === digest) return undefined;
  return { error: "CFG_CONFLICT", detail: `what is staged now is version ${staged.version} by ${staged.by}` };
}

function stageOf(turn: Turn, request: Extract<ConfigRequest, { type: "config-stage" }>) {
  const { config, by, comment, base, replace } = request;
  const { version, digest } = config;
  return { type: "stage", version, digest, by, comment, base, replace, wall: turn.now.wall } as const;
}

function bodyOf(turn: Turn, request: ConfigRequest): ConfigBody {
  const { wall } = turn.now;
  switch (request.type) {
    case "config-stage":
      return stageOf(turn, request);
    case "config-activate": {
      const { digest, by, comment, withinMs } = request;
      return { type: "activate", digest, by, comment, wall, ...(withinMs === undefined ? {} : { withinMs }) };
    }
    case "config-confirm":
      return { type: "confirm", digest: turn.state.ledger.epoch.config.digest, by: request.by };
    case "config-discard":
      return { type: "discard", digest: request.digest, by: request.by };
  }
}

/** After every input: say it in this ring, or see that it has come true. */
export function driveConfigRequest(turn: Turn, pending: PendingConfig): void {
  const { id, request, asked } = pending;
  const { ledger, ring } = turn.state;
  if (ring?.phase !== "synced") return;
  if (asked) {
    settleAsked(turn, pending);
    return;
  }
  if (turn.state.watch.sent.has(`config ${id}`)) return; // On its way in this ring.
  if (request.type === "config-activate" && request.wait && beingFenced(turn.state).length > 0) return;
  if (request.type === "config-activate" && ledger.epoch.config.digest === request.digest) {
    answer(turn, id, whyThin(turn.state), "activated");
    return;
  }
  const refusal = refuseAtOnce(turn, request);
  if (refusal !== undefined) {
    answer(turn, id, refusal);
    return;
  }
  if (!firstTime(turn, `config ${id}`)) return;
  if (request.type === "config-stage") multicast(turn, { type: "document", digest: request.config.digest });
  multicast(turn, bodyOf(turn, request));
}

/** Delivered: what it asked for comes with an epoch, or does not come any more. */
function settleAsked(turn: Turn, { id, request }: PendingConfig): void {
  const { epoch, configs } = turn.state.ledger;
  const under = [configs.wish, configs.carried];
  if (request.type === "config-activate") {
    if (epoch.config.digest === request.digest) answer(turn, id, whyThin(turn.state), "activated");
    else if (!under.some((one) => one?.digest === request.digest)) answer(turn, id, interrupted("activated"));
  } else if (request.type === "config-confirm") {
    if (epoch.config.confirm === undefined) answer(turn, id, whyThin(turn.state), "confirmed");
    else if (configs.wish === undefined && configs.carried === undefined)
      answer(turn, id, interrupted("confirmed"));
  }
}

function interrupted(what: string): ConfigRefusal {
  return {
    error: "CFG_INTERRUPTED",
    detail: `the group changed before it was decided: nothing was ${what}, on no node`,
  };
}

/** At delivery everybody judges alike; the one who asked is told. */
export function onConfigBody(turn: Turn, body: ConfigBody, mine: "mine" | "another's"): void {
  const refusal = applyBody(turn, body);
  if (mine === "another's") return;
  const pending = turn.state.requests.find((one) => one.type === "config" && isAbout(one, body));
  if (pending?.type !== "config") return;
  const retry =
    pending.request.type === "config-activate" && pending.request.wait && beingFenced(turn.state).length > 0;
  if (refusal !== undefined && retry) forgetSent(turn, `config ${pending.id}`);
  else if (refusal !== undefined) answer(turn, pending.id, refusal);
  else if (body.type === "stage") answer(turn, pending.id, undefined, "staged");
  else if (body.type === "discard") answer(turn, pending.id, undefined, "discarded");
  else {
    const asked = turn.state.requests.map((one) =>
      one.id === pending.id ? { ...pending, asked: true } : one,
    );
    update(turn, { requests: asked });
  }
}

function applyBody(turn: Turn, body: ConfigBody): ConfigRefusal | undefined {
  switch (body.type) {
    case "stage":
      return onStage(turn, body);
    case "activate":
      return onActivate(turn, body);
    case "confirm":
      return onConfirm(turn, body);
    case "discard": {
      const refusal = whyNotDiscard(turn, body.digest);
      if (refusal === undefined) onDiscard(turn, body);
      return refusal;
    }
  }
}

function isAbout({ request, asked }: PendingConfig, body: ConfigBody): boolean {
  if (asked) return false;
  switch (body.type) {
    case "stage":
      return request.type === "config-stage" && request.config.digest === body.digest;
    case "activate":
      return request.type === "config-activate" && request.digest === body.digest;
    case "confirm":
      return request.type === "config-confirm";
    case "discard":
      return request.type === "config-discard" && request.digest === body.digest;
  }
}
