import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { linkOf, membersOf, messagesOf, parseJson, pathOf } from "./json.ts";
import { SYSTEMS_MAX } from "./limits.ts";
import { statusProblem } from "./status.ts";
import { allowedOf, identityOf, powerOf, resetOf, resetTypeFor } from "./system.ts";

test("only On and Off are states", () => {
  assert.equal(powerOf({ PowerState: "On" }), "on");
  assert.equal(powerOf({ PowerState: "Off" }), "off");
  for (const PowerState of [
    "PoweringOn",
    "PoweringOff",
    "Paused",
    "off",
    "OFF",
    " Off",
    "",
    null,
    false,
    0,
    ["Off"],
    {},
  ]) {
    assert.equal(powerOf({ PowerState }), "unknown", JSON.stringify(PowerState));
  }
  assert.equal(powerOf({}), "unknown");
});

test("a reset is hard and no toggle, or it is not sent", () => {
  const all = ["On", "ForceOff", "GracefulShutdown", "PushPowerButton", "Nmi", "ForceOn"];
  assert.equal(resetTypeFor("off", all), "ForceOff");
  assert.equal(resetTypeFor("off", undefined), "ForceOff");
  assert.equal(resetTypeFor("off", ["GracefulShutdown", "PushPowerButton"]), undefined);
  assert.equal(resetTypeFor("on", all), "On");
  assert.equal(resetTypeFor("on", ["ForceOn", "ForceOff"]), "ForceOn");
  assert.equal(resetTypeFor("on", ["PushPowerButton"]), undefined);
  assert.equal(resetTypeFor("diag", ["On"]), undefined);
});

test("the action, and where its values are listed", () => {
  const target = "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset";
  const system = (reset: unknown) => ({ Actions: { "#ComputerSystem.Reset": reset } });
  assert.deepEqual(resetOf(system({ target, "ResetType@Redfish.AllowableValues": ["On", 1] })), {
    target,
    allowed: ["On"],
  });
  assert.deepEqual(resetOf(system({ target, "@Redfish.ActionInfo": "/info" })), { target, info: "/info" });
  for (const bad of [undefined, {}, { target: "//elsewhere/" }, { target: 7 }, []]) {
    assert.equal(resetOf(system(bad)), undefined);
  }
  assert.deepEqual(allowedOf({ Parameters: [null, { Name: "ResetType", AllowableValues: ["On"] }] }), ["On"]);
  assert.deepEqual(allowedOf({ Parameters: "none" }), []);
});

test("a path never leads to another device", () => {
  for (const good of ["/", "/redfish/v1/Systems/1/", "/a?b=c%20d"]) assert.equal(pathOf(good), good);
  for (const bad of [
    "",
    "a",
    "//evil.example/",
    "https://evil.example/",
    "/a b",
    "/a\r\nHost: x",
    "/\\evil",
    `/${"a".repeat(600)}`,
    null,
    1,
  ]) {
    assert.equal(pathOf(bad), undefined, String(bad));
  }
  assert.equal(linkOf({ "@odata.id": "/a" }), "/a");
  assert.deepEqual(membersOf({ Members: [{ "@odata.id": "/a" }, null, { "@odata.id": "//b" }, 7] }), ["/a"]);
  const many = Array.from({ length: SYSTEMS_MAX + 9 }, (_, id) => ({ "@odata.id": `/${id}` }));
  assert.equal(membersOf({ Members: many }).length, SYSTEMS_MAX);
});

test("who it is", () => {
  const system = {
    SerialNumber: " CZ1 ",
    UUID: "36383350-3033-5A43-3239-313630423754",
    Manufacturer: "HPE",
    Model: "DL360",
  };
  assert.deepEqual(identityOf(system), {
    serial: "CZ1",
    uuids: ["36383350-3033-5a43-3239-313630423754"],
    product: "HPE DL360",
  });
  assert.deepEqual(identityOf({ SerialNumber: null, UUID: "none", Model: 3 }), { uuids: [] });
});

test("what a status means", () => {
  const kind = (status: number, body = "", headers = {}) =>
    statusProblem({ status, headers, body }, "GET").problem.kind;
  assert.equal(kind(401), "credentials");
  assert.equal(kind(403), "privilege");
  assert.equal(kind(404), "missing");
  assert.equal(kind(405), "unsupported");
  for (const status of [400, 409, 429, 500, 503]) assert.equal(kind(status), "refused");
  for (const status of [100, 200, 302, 700]) assert.equal(kind(status), "protocol");
  const full = JSON.stringify({ error: { "@Message.ExtendedInfo": [{ MessageId: "IDRAC.2.8.RAC0218" }] } });
  assert.equal(kind(503, full), "sessions-full");
  const { detail } = statusProblem(
    { status: 401, headers: { "www-authenticate": "Token" }, body: "" },
    "GET",
  ).problem;
  assert.match(detail, /redfish_auth=session/);
});

test("no answer makes a reader throw, or is read as off", () => {
  const on = '{"@odata.id":"/x","PowerState":"On","Actions":{"#ComputerSystem.Reset":{"target":"/x"}}}';
  const look = (text: string): void => {
    const json = parseJson(text);
    if (json === undefined) return;
    assert.notEqual(powerOf(json), "off");
    membersOf(json);
    resetOf(json);
    allowedOf(json);
    identityOf(json);
    assert.ok(messagesOf(json).length <= 160);
  };
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), look), { numRuns: 300 });
  fc.assert(fc.property(fc.json({ maxDepth: 4 }), look), { numRuns: 300 });
  fc.assert(
    fc.property(fc.nat(on.length), fc.string({ maxLength: 12 }), fc.nat(20), (at, put, skip) =>
      look(on.slice(0, at) + put + on.slice(at + skip)),
    ),
    { numRuns: 500 },
  );
  const odd = fc.anything({ withNullPrototype: true, withSparseArray: true });
  const shaped = fc.record({
    PowerState: odd,
    Members: odd,
    Actions: odd,
    Parameters: odd,
    error: odd,
    UUID: odd,
  });
  fc.assert(
    fc.property(shaped, (json) => {
      assert.notEqual(
        powerOf({ ...json, PowerState: json.PowerState === "Off" ? "" : json.PowerState }),
        "off",
      );
      membersOf(json);
      resetOf(json);
      allowedOf(json);
      identityOf(json);
      messagesOf(json);
    }),
    { numRuns: 300 },
  );
  look("[".repeat(900_000));
});
