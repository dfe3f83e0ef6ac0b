/** What a look leaves for the shot: TLS sessions that are gone on with, and addresses of names. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { AgentContext } from "../../../src/agents/frame/agent.ts";
import { createWarm, lookingAnew, type Warm } from "../../../src/agents/frame/warm.ts";
import { openTls } from "../../../src/agents/tls/connect.ts";
import type { TlsTarget } from "../../../src/agents/tls/target.ts";
import { createChassis } from "../../../src/bmc/chassis/chassis.ts";
import { openRedfishSimulator, type RedfishSimulator } from "../../../src/bmc/redfish/simulator.ts";
import { REDFISH_STYLES } from "../../../src/bmc/redfish/style.ts";
import { LOGIN } from "./rig.ts";

async function openBmc(t: TestContext): Promise<RedfishSimulator> {
  const chassis = createChassis();
  const bmc = await openRedfishSimulator({ style: REDFISH_STYLES.ilo5, chassis, login: LOGIN });
  t.after(async () => {
    chassis.close();
    await bmc.close();
  });
  return bmc;
}

function context(warm: Warm): AgentContext {
  return {
    signal: new AbortController().signal,
    deadline: performance.now() + 20_000,
    identity: "skip",
    warm,
  };
}

const pinned = (
  bmc: RedfishSimulator,
  sha256 = bmc.fingerprint.replaceAll(":", "").toLowerCase(),
): TlsTarget => ({
  host: "127.0.0.1",
  port: bmc.port,
  trust: { type: "pin", sha256 },
  profile: "lenient",
  connectMs: 5_000,
});

/** `reused`, `whole`, or why there is no connection. */
async function connectTo(target: TlsTarget, warm: Warm): Promise<string> {
  const opened = await openTls(target, context(warm));
  if (!opened.ok) return opened.problem.kind;
  const socket = opened.value;
  const isReused = socket.isSessionReused();
  // Sessions come behind the handshake: one exchange has them arrive.
  socket.write("GET /redfish/v1/ HTTP/1.1\r\nHost: bmc\r\nConnection: close\r\n\r\n");
  await new Promise<void>((resolve) => {
    socket.resume().once("close", () => resolve());
  });
  return isReused ? "reused" : "whole";
}

test("a session is gone on with, for whoever is believed for the same reason, and the pin still counts", async (t) => {
  const bmc = await openBmc(t);
  const warm = createWarm();
  const target = pinned(bmc);
  assert.equal(await connectTo(target, warm), "whole");
  assert.equal(await connectTo(target, warm), "reused");
  assert.equal(await connectTo({ ...target, trust: { type: "anybody" } }, warm), "whole");
  assert.equal(await connectTo(pinned(bmc, "00".repeat(32)), warm), "certificate");
  assert.equal(await connectTo(target, createWarm()), "whole");
});

test("a look goes on with no session: another certificate is noticed", async (t) => {
  const bmc = await openBmc(t);
  const warm = createWarm();
  const before = pinned(bmc);
  assert.equal(await connectTo(before, lookingAnew(warm)), "whole");
  assert.equal(await connectTo(before, lookingAnew(warm)), "whole");
  assert.equal(await connectTo(before, warm), "reused");
  await bmc.renewCertificate();
  assert.equal(await connectTo(before, lookingAnew(warm)), "certificate");
  assert.equal(await connectTo(pinned(bmc), lookingAnew(warm)), "whole");
});

test("whoever has not the key of the session is judged anew: another device behind the address", async (t) => {
  const [bmc, other] = [await openBmc(t), await openBmc(t)];
  const kept: string[] = [];
  const plain = createWarm();
  const warm: Warm = {
    ...plain,
    keepSession(key, session) {
      kept.push(key);
      plain.keepSession(key, session);
    },
  };
  assert.equal(await connectTo(pinned(bmc), warm), "whole");
  const [key = ""] = kept;
  const moved = { ...pinned(bmc), port: other.port };
  const same: Warm = { ...warm, sessionOf: () => warm.sessionOf(key) };
  assert.notEqual(same.sessionOf(""), undefined);
  assert.equal(await connectTo(moved, same), "certificate");
});

test("a session that is no session is left aside", async (t) => {
  const bmc = await openBmc(t);
  const warm: Warm = { ...createWarm(), sessionOf: () => Buffer.from("nonsense") };
  const opened = await connectTo(pinned(bmc), warm);
  assert.ok(opened === "whole" || opened === "usage", opened);
});

test("a look asks for a name anew, a shot does not; what is remembered has a limit", () => {
  const warm = createWarm();
  warm.keepAddress("ilo", "192.0.2.1");
  assert.equal(warm.addressOf("ilo"), "192.0.2.1");
  const look = lookingAnew(warm);
  assert.equal(look.addressOf("ilo"), undefined);
  look.keepAddress("ilo", "192.0.2.2");
  assert.equal(warm.addressOf("ilo"), "192.0.2.2");
  for (let name = 0; name < 2_000; name++) warm.keepAddress(`n${name}`, "192.0.2.3");
  assert.equal(warm.addressOf("ilo"), undefined);
  assert.equal(warm.addressOf("n1999"), "192.0.2.3");
});
