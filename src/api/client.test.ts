import assert from "node:assert/strict";
import { test } from "node:test";
import type { z } from "zod";
import type * as Effects from "../core/effects.ts";
import { OperationError } from "../core/errors.ts";
import type * as Ledger from "../core/ledger.ts";
import type * as View from "../core/view/types.ts";
import { createClient, type Transport, type WireReply, type WireRequest } from "./client.ts";
import type { Incident } from "./incident.ts";
import { powerOf } from "./power.ts";
import type { DeviceCheck } from "./replies.ts";
import { HistoryQuery, WaitQuery } from "./requests.ts";
import type { StatusView } from "./status.ts";

/** A field that the core gains and a schema lacks would vanish from the API: these lines break then. */
type Missing<A, B> = Exclude<keyof A, keyof B>;
type Nested<T, K extends keyof T> = T[K] extends readonly (infer E)[] ? E : never;
type Nothing<Key extends never> = Key;
const complete: Nothing<
  | Missing<View.StatusView, z.infer<typeof StatusView>>
  | Missing<View.NodeView, Nested<z.infer<typeof StatusView>, "nodes">>
  | Missing<View.VictimView, Nested<z.infer<typeof StatusView>, "victims">>
  | Missing<View.Cause, Nested<z.infer<typeof StatusView>, "why">>
  | Missing<View.StatusView["domain"], z.infer<typeof StatusView>["domain"]>
  | Missing<Ledger.Incident, z.infer<typeof Incident>>
  | Missing<Ledger.FenceStep, Nested<z.infer<typeof Incident>, "steps">>
  | Missing<Ledger.Evidence, Nested<z.infer<typeof Incident>, "evidence">>
  | Missing<Effects.DeviceCheck, z.infer<typeof DeviceCheck>>
>[] = [];

/** Answers every request alike and remembers what was asked. */
function fakeTransport(reply: WireReply): Transport & { readonly asked: WireRequest[] } {
  const asked: WireRequest[] = [];
  return {
    asked,
    async perform(request) {
      asked.push(request);
      return reply;
    },
    async *events() {
      yield { type: "log", id: "r-1", data: '{"at":1,"level":"info","code":"x","text":"hello"}' };
      yield { type: "novelty", id: "r-2", data: "{}" };
      yield { type: "log", id: "r-3", data: "not json" };
    },
  };
}

const ok = (body: unknown): WireReply => ({ status: 200, body: JSON.stringify(body) });

test("the schemas know every field of the core's types", () => assert.deepEqual(complete, []));

test("arguments go where the schemas say: path, query, body", async () => {
  const acked = fakeTransport(ok({ type: "acknowledged", victimsLeft: [2] }));
  const reply = await createClient(acked).ack({ name: "a/b c", by: "root", statement: "pulled the plug" });
  assert.deepEqual(reply.victimsLeft, [2]);
  assert.deepEqual(acked.asked, [
    { method: "POST", path: "/v1/nodes/a%2Fb%20c/ack", body: '{"by":"root","statement":"pulled the plug"}' },
  ]);
  const listed = fakeTransport(ok({ incidents: [] }));
  await createClient(listed).history({ limit: 3, before: 9 });
  await createClient(listed).history();
  assert.deepEqual(
    listed.asked.map((request) => request.path),
    ["/v1/history?limit=3&before=9", "/v1/history"],
  );
});

test("a refusal carries the daemon's code and detail", async () => {
  const problem = { code: "DOM_IN_USE", detail: "vm 100 runs", hint: "x" };
  const refused = createClient(fakeTransport({ status: 409, body: JSON.stringify(problem) }));
  await assert.rejects(
    refused.leave(),
    (error: unknown) => error instanceof OperationError && error.code === "DOM_IN_USE",
  );
});

test("whatever is not our language is a bad reply, never a success", async () => {
  for (const reply of [ok({ gate: "ajar", epoch: 1 }), ok(undefined), { status: 502, body: "<html>" }]) {
    await assert.rejects(
      createClient(fakeTransport(reply)).gate(),
      (error: unknown) => error instanceof OperationError && error.code === "IPC_BAD_REPLY",
    );
  }
});

test("events of unknown kinds and broken ones are skipped", async () => {
  const seen: string[] = [];
  for await (const event of createClient(fakeTransport(ok({}))).events()) seen.push(event.id);
  assert.deepEqual(seen, ["r-1"]);
});

test("numbers of a query are digits and nothing else", () => {
  assert.deepEqual(WaitQuery.parse({ for: "open" }), { for: "open", timeout: 30 });
  assert.equal(HistoryQuery.parse({ limit: "7" }).limit, 7);
  for (const limit of ["", " 7", "7.5", "1e2", "0x10", "-1", "0", "257", "99999999999", 7.5, null]) {
    assert.equal(HistoryQuery.safeParse({ limit }).success, false, String(limit));
  }
});

test("power: an unknown device may still feed the node", () => {
  const device = (method: number, power: "on" | "off" | "unknown") => ({
    method,
    methodName: "m",
    device: 0,
    deviceName: "d",
    agent: "fence_x",
    power,
    ok: power !== "unknown",
    detail: "",
    tookMs: 1,
  });
  assert.equal(powerOf([]), "unknown");
  assert.equal(powerOf([device(0, "off"), device(0, "unknown")]), "unknown");
  assert.equal(powerOf([device(0, "off"), device(0, "on")]), "on");
  assert.equal(powerOf([device(0, "off"), device(0, "off")]), "off");
  assert.equal(powerOf([device(1, "on"), device(0, "off")]), "off");
  assert.equal(powerOf([device(0, "unknown"), device(1, "off")]), "off");
});
