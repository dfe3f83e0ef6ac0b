/** Wires a daemon together, in the order in which its parts need one another. */

import { hostname } from "node:os";
import { createHooksGuard } from "../adapters/guard/hooks.ts";
import { claimSocketPath } from "../adapters/http/socket-path.ts";
import { openJournal, type StateJournal } from "../adapters/journal/journal.ts";
import { createAgentHost } from "../adapters/process/agent-host.ts";
import { createExec } from "../adapters/process/exec.ts";
import { openBoundedOutput } from "../adapters/system/bounded-output.ts";
import { openClock } from "../adapters/system/clock.ts";
import { prepareEnd } from "../adapters/system/end-process.ts";
import { readIncarnation } from "../adapters/system/incarnation.ts";
import { readMachine } from "../adapters/system/machine.ts";
import { openNotifier } from "../adapters/system/sd-notify.ts";
import { openXmlThread } from "../adapters/xml/xml-thread.ts";
import { encodeMessage } from "../codec/message.ts";
import { bootState } from "../core/boot.ts";
import { namedDigests } from "../core/configuration/keep.ts";
import { nextDeadline } from "../core/deadline.ts";
import { ERRORS, type OperationError } from "../core/errors.ts";
import type { Boot, Input } from "../core/inputs.ts";
import type { Message } from "../core/messages.ts";
import type { State } from "../core/state.ts";
import { step } from "../core/step.ts";
import { statusOf } from "../core/view/status.ts";
import { createAgentRuns } from "./agent-runs.ts";
import { openAgents } from "./agents.ts";
import { createBackend, createStatusCache } from "./backend.ts";
import { findLocalNode } from "./config-file.ts";
import { watchConfig } from "./config-watch.ts";
import { type FirstFile, NO_FILE, readDurable, readFirstFile } from "./configs/first-config.ts";
import { type Configs, openConfigs } from "./configs/open-configs.ts";
import { createTextStore, type TextStore } from "./configs/text-store.ts";
import type { ConsoleChild } from "./console-child.ts";
import { readJoinDefault } from "./defaults-file.ts";
import { createEnding, type Ending } from "./ending.ts";
import { createEventHub } from "./event-hub.ts";
import { createFlightRecorder, FLIGHTS_KEPT, flightName } from "./flight-recorder.ts";
import { createGroupInputs } from "./group-inputs.ts";
import { createGuardKeeper } from "./guard-keeper.ts";
import { createIncidentWriter } from "./incident-writer.ts";
import { openApi } from "./listen.ts";
import { createMetrics } from "./metrics.ts";
import { compareNodeLists } from "./node-list.ts";
import { openEngine } from "./open-engine.ts";
import { openLocks } from "./open-locks.ts";
import { prepareVolumes } from "./open-volumes.ts";
import type { DaemonOptions } from "./options.ts";
import { createOutbox } from "./outbox.ts";
import { createPerformer } from "./perform.ts";
import { createReadiness } from "./readiness/keeper.ts";
import { createVettedRunner } from "./readiness/vetted-runner.ts";
import { createRequestDesk } from "./requests.ts";
import { createRunner, type Runner } from "./runner.ts";
import { createShutdown } from "./shutdown.ts";
import { createStory } from "./story.ts";
import { driveSystemd } from "./systemd.ts";
import { VERSION } from "./version.ts";
import { createVeto } from "./veto.ts";
import { within } from "./within.ts";

/** Units: ms. How long the configuration's disk may take when the daemon starts. */
const CONFIG_READ_MS_MAX = 15_000;
/** Units: ms. How long the state directory may take to get the flight record. */
const FLIGHT_WRITE_MS_MAX = 1_000;

/** Resolves when the daemon runs. Errors: rejects with an OperationError, everything closed again. */
export async function startDaemon(options: DaemonOptions): Promise<void> {
  const output = openBoundedOutput(1);
  const ending = createEnding(prepareEnd(), output.flush);
  try {
    await start(options, output, ending);
  } catch (error) {
    await ending.closeAll();
    throw error;
  }
}

async function start(
  options: DaemonOptions,
  output: ReturnType<typeof openBoundedOutput>,
  ending: Ending,
): Promise<void> {
  const clock = openClock();
  const incarnation = readIncarnation();
  // What exists only later; until then nobody needs it.
  const later: { runner?: Runner; configs?: Configs; journal?: StateJournal; console?: ConsoleChild } = {};
  const feed = (input: Input): void => later.runner?.feed(input);

  // 1. The log, and what is on this machine: configuration, socket, state directory, agents, guards.
  const events = createEventHub(incarnation.start, () => status());
  const automatic = process.stdout.isTTY === true ? "text" : "json";
  const format = options.logFormat === "auto" ? automatic : options.logFormat;
  const story = createStory({ level: options.logLevel, format, output, onLine: events.log });
  const xml = openXmlThread();
  ending.onClose(xml.close);
  const texts = createTextStore(xml.readConfig, (digest) => isNamed(later.runner?.state(), digest));
  const journalNow = (): StateJournal => (later.journal ??= openJournal(options.stateDir));
  const noAnswer = `${options.configPath} cannot be read: its disk does not answer`;
  const reading = readFirstFile(options.configPath, texts);
  const onDisk: FirstFile | OperationError = await within(
    CONFIG_READ_MS_MAX,
    reading,
    "CFG_UNREADABLE",
    noAnswer,
  ).catch((error: OperationError) => error);
  // A file that is away or broken stops nobody who knows what was in force.
  const loadedFirst =
    onDisk instanceof Error
      ? (await readDurable(await journalNow().load(), journalNow(), texts)).loaded
      : onDisk.loaded;
  if (loadedFirst === undefined) throw onDisk;
  let loaded = loadedFirst;
  const local = findLocalNode(loaded.config, options.node, hostname());
  const claim = await claimSocketPath(options.socketPath);
  ending.onClose(claim.close);
  ending.onClose(() => later.journal?.close());
  const exec = createExec();
  const agents = openAgents({
    exec,
    host: createAgentHost(),
    parseMetadata: xml.readMetadata,
    lines: (digest) => texts.lines(digest ?? state().config.digest),
    all: texts.allLines,
  });
  ending.onClose(agents.close);
  const volumes = prepareVolumes({
    ...options,
    exec,
    config: () => later.runner?.state().config ?? loaded.config,
  });
  const guards = createGuardKeeper({
    guards: [createHooksGuard({ folder: options.hooksDir, node: local.name, exec }), volumes.guard],
    onInUse: (inUse) => feed({ type: "guard", inUse }),
    onDone: (wish, problems) => {
      story.say("debug", `guards-${wish}`, `the guards have done it: ${wish}`);
      for (const problem of problems) story.say("error", `guard-${wish}-failed`, problem);
    },
  });
  ending.onClose(guards.close);
  const asking = guards.ask();
  let traits = await agents.traits();
  // Only now: the journal's thread grows into the memory that this one leaves, 8 MB of it.
  await xml.rest();
  const journal = journalNow();
  const [durable, inUse] = await Promise.all([journal.load(), asking, journal.claim(local)]);
  const inForce = await readDurable(durable, journal, texts);
  if (inForce.loaded !== undefined && inForce.loaded.config.digest !== loaded.config.digest) {
    loaded = inForce.loaded;
    traits = await agents.traits();
  }
  const file = onDisk instanceof Error ? NO_FILE : onDisk.name;

  // 2. The group. What it says before the core exists is kept in order.
  const group = createGroupInputs(() => void ending.end(ERRORS.API_INTERNAL.exit, "at once"), texts.put);
  const engine = await openEngine(options, loaded.config, local, group.handlers);
  ending.onClose(() => engine.close());
  const veto = createVeto(engine);
  const differences = compareNodeLists(loaded.config, engine.nodes());

  // 3. The core, and whatever carries out its effects.
  const { nodeId, processId } = engine;
  const join = options.join || (options.engine === "corosync" && readJoinDefault());
  const holds = [...new Set([...(file.digest === "" ? [] : [file.digest]), ...inForce.holds])];
  const { config } = loaded;
  const locks = openLocks(options.socketPath, incarnation.boot, feed);
  ending.onClose(locks.close);
  const { held } = locks;
  const boot: Boot = { nodeId, processId, incarnation, durable, config, file, holds, traits, join, held };
  const bootedAt = clock.now();
  const first = bootState(boot, bootedAt);
  const state = (): State => later.runner?.state() ?? first.state;
  const recorder = createFlightRecorder(boot, bootedAt, first);
  const metrics = createMetrics();
  const outbox = createOutbox({
    encode: (message) => encodeMessage(message, textOf(message, texts)),
    multicast: (payload) => engine.multicast(payload),
  });
  ending.onClose(outbox.close);
  const incidents = createIncidentWriter(journal, (problem) => {
    if (problem === undefined) story.say("info", "journal-works", "the journal can be written again");
    else story.say("warn", "journal-refused", `incidents wait for the journal: ${problem}`);
  });
  ending.onClose(incidents.close);
  const readiness = createReadiness({
    self: nodeId,
    state,
    now: () => clock.now().mono,
    wakeAt: clock.wakeAt,
    agents,
    tell: (body) => {
      const ring = state().ring;
      // It must never be what fills the queue.
      if (ring !== undefined && outbox.waiting() === 0) outbox.send({ ring: ring.id, body });
    },
    machine: readMachine,
    story,
    onChange: () => tell(),
  });
  ending.onClose(readiness.close);
  const desk = createRequestDesk(feed);
  ending.onClose(() => desk.close("bouncerd ends"));
  const status = createStatusCache(statusOf, state, clock.now, () => ({
    readiness: readiness.summary(),
    warnings: [
      ...differences,
      ...readiness.warnings(),
      ...journal.notices(),
      ...guards.problems(),
      prefixed("journal", incidents.problem()),
      later.configs?.file.warning() ?? "",
      prefixed("the console", later.console?.problem()),
    ].filter((warning) => warning !== ""),
  }));
  const systemd = driveSystemd(openNotifier(), status);
  ending.onClose(systemd.close);

  async function writeFlight(): Promise<void> {
    const writing = journal.writeFile(flightName(new Date()), recorder.lines(), FLIGHTS_KEPT);
    const done = within(FLIGHT_WRITE_MS_MAX, writing, "JNL_UNREADABLE", "the disk does not answer");
    await done.then(
      (path) => story.say("warn", "flight-written", `flight record: ${path}`),
      (error: Error) => story.say("error", "flight-lost", `no flight record: ${error.message}`),
    );
  }
  async function end(code: number, why: string, manner: "orderly" | "at once"): Promise<void> {
    later.runner?.stop();
    story.say(code === 0 ? "info" : "error", "end", `bouncerd ends (exit ${code}): ${why}`);
    systemd.stopping();
    if (code === ERRORS.API_INTERNAL.exit) await writeFlight();
    await ending.end(code, manner);
  }
  function broken(error: unknown): void {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    story.say("error", "broken", detail);
    void end(ERRORS.API_INTERNAL.exit, "going on could corrupt storage; the others take over", "at once");
  }
  process.on("uncaughtException", broken);
  process.on("unhandledRejection", broken);

  const configs = openConfigs({
    path: options.configPath,
    local: local.name,
    readTree: xml.readConfig,
    texts,
    agents,
    exec,
    journal,
    state,
    now: () => clock.now().wall,
    feed,
    ask: desk.ask,
    story,
    onChange: () => tell(),
  });
  later.configs = configs;
  ending.onClose(configs.file.close);
  const backend = createBackend({
    state,
    status,
    journal,
    desk,
    hub: events,
    beforeLeave: guards.ask,
    config: configs.service,
    metrics: () =>
      metrics.text(status(), {
        outboxWaiting: outbox.waiting(),
        journalWaiting: journal.waiting(),
        logLinesDropped: output.dropped(),
        requestsPending: desk.pending(),
        readiness: readiness.view(),
      }),
    flight: recorder.lines,
    agents: agents.report,
    readiness: readiness.view,
    volumes: () => volumes.view(state()),
    onInternalError: (error) =>
      story.say(
        "error",
        "api-internal",
        `a request failed, a bug: ${(error as Error).stack ?? String(error)}`,
      ),
    onReaderDropped: () => {
      metrics.countReaderDropped();
      story.say("warn", "reader-dropped", "an event reader was too slow and was cut off");
    },
  });

  // 4. The loop. Whoever watches is told after the effects, once for many inputs.
  let telling = false;
  function tell(): void {
    telling = false;
    backend.changed();
    events.touch();
    systemd.touch();
    veto.update(guards.inUse(), status().joined);
  }
  const runs = createAgentRuns({ agents: createVettedRunner(agents, readiness.refusal), metrics, feed });
  const runner = createRunner(
    first,
    { step, nextDeadline },
    {
      now: clock.now,
      wakeAt: clock.wakeAt,
      record: (input, now, before) => {
        metrics.countInput(input.type);
        return recorder.record(input, now, before);
      },
      perform: createPerformer({
        outbox,
        runs,
        journal,
        texts,
        configs: configs.reader,
        incidents,
        guards,
        desk,
        tellOwners: locks.onEvents,
        story,
        metrics,
        state,
        feed,
        exit: (code, why) => void end(code, why, code === 0 ? "orderly" : "at once"),
      }),
      onStep: (at) => {
        runs.callOff(at);
        configs.file.onStep(at);
        readiness.onStep(at);
        volumes.onStep();
        if (!telling) setImmediate(tell);
        telling = true;
      },
      onBroken: broken,
    },
  );
  later.runner = runner;
  void agents.prepare();
  for (const warning of [...loaded.warnings, ...differences, ...journal.notices()]) {
    story.say("warn", "start-warning", warning);
  }
  runner.begin();
  runner.feed({ type: "guard", inUse });
  group.connect({
    feed(input, bytes) {
      if (input.type === "view") outbox.enterRing(input.ringId);
      if (input.type === "deliver" && input.message.body.type === "readiness") {
        return readiness.onReport(input.from.nodeId, input.message.body);
      }
      if (input.type === "deliver" && volumes.onMessage(input.from.nodeId, input.message.body)) return;
      recorder.weigh(bytes);
      runner.feed(input);
    },
    drain: outbox.drain,
  });
  guards.start();
  readiness.start();
  ending.onClose(await openApi(options.socketPath, backend));
  ending.onClose(await locks.serve(() => ({ cluster: state().config.name, node: local.name })));
  ending.onClose(await volumes.open({ state, locks, outbox, story }));
  if (options.console !== undefined) {
    const { startConsole } = await import("./console-child.ts");
    later.console = startConsole(options, local.name, story);
    ending.onClose(later.console.close);
  }

  // 5. Signals.
  const watch = watchConfig(options.configPath, configs.file.look);
  ending.onClose(watch.close);
  const onStop = createShutdown({
    isJoined: () => status().joined,
    inUse: guards.ask,
    leave: () => desk.ask({ type: "leave" }),
    end: (code, why, manner) => void end(code, why, manner),
    story,
  });
  process.on("SIGTERM", onStop);
  process.on("SIGINT", onStop);
  process.on("SIGHUP", watch.reload);
  process.on("SIGUSR1", () => void writeFlight());
  process.on("SIGPIPE", () => {});
  story.say("info", "ready", `bouncerd ${VERSION} listens on ${options.socketPath}`);
}

/** Does this daemon's core go by that configuration, or may it soon? */
function isNamed(state: State | undefined, digest: string): boolean {
  if (state === undefined || state.config.digest === digest) return true;
  return (
    namedDigests(state).includes(digest) || state.operations.some((one) => one.config?.digest === digest)
  );
}

/** The text that travels beside the message. */
function textOf({ body }: Message, texts: TextStore): Uint8Array | undefined {
  return body.type === "document" ? texts.bytes(body.digest) : undefined;
}

function prefixed(what: string, problem: string | undefined): string {
  return problem === undefined ? "" : `${what}: ${problem.replaceAll("\n", " ")}`;
}
