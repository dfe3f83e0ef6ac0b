/** SNMP version 3: what a forger without any password can say to an agent that asked with one. */
import assert from "node:assert/strict";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { isProtected } from "../../../src/agents/snmp/security-flags.ts";
import { ask, kindOf } from "./ask.ts";
import { openPduRig } from "./snmp-rig.ts";

const RPDU = "1.3.6.1.4.1.318.1.3.4.5";
const STATE = "1.3.6.1.4.1.318.1.1.12.3.5.1.1.4.1";
const OFF = ber(0x02, Buffer.from([2]));
/** Questions of a status, in their order: what it is, whether the outlet is there, what it does. */
const FORGED: readonly (readonly [oid: string, value: Buffer])[] = [
  ["1.3.6.1.2.1.1.2.0", oid(RPDU)],
  [STATE, OFF],
  [STATE, OFF],
];

test("an answer without the protection that was asked for is nobody's", async (t) => {
  const { given, v3 } = await openPduRig(t);
  const [front, inside] = [await udp(t), await udp(t)];
  let client = 0;
  let forged = 0;
  front.on("message", (bytes, from) => {
    client = from.port;
    // The discovery is answered by the switch itself; everything that is protected, by the forger.
    if (flagsOf(bytes) === 0) return inside.send(bytes, Number(given["ipport"]), "127.0.0.1");
    const [name, value] = FORGED[Math.min(forged, FORGED.length - 1)] ?? ["", Buffer.alloc(0)];
    forged += 1;
    front.send(message(messageId(bytes), 0, response(name, value)), client, "127.0.0.1");
  });
  inside.on("message", (bytes) => front.send(bytes, client, "127.0.0.1"));
  const account = { ...given, ...v3, ipport: String(front.address().port), shell_timeout: "1" };
  const answer = await ask("fence_apc_snmp", "status", account);
  assert.ok(forged > 0, "it was answered");
  assert.deepEqual([kindOf(answer), answer.power], ["timeout", "unknown"]);
});

test("protected, unprotected, reports, cut off", () => {
  const state = response(STATE, OFF);
  const report = Buffer.concat([ber(0x04), ber(0x04), ber(0xa8, ber(0x02, Buffer.from([1])))]);
  assert.equal(isProtected(message(7, 0, state), 3), false);
  assert.equal(isProtected(message(7, 1, state), 3), false);
  assert.equal(isProtected(message(7, 1, state), 1), true);
  assert.equal(isProtected(message(7, 3, state), 3), true);
  assert.equal(isProtected(message(7, 0, report), 3), true);
  assert.equal(isProtected(message(7, 2, report), 3), false);
  const whole = message(7, 3, state);
  for (let length = 0; length < whole.length - state.length - 2; length++) {
    assert.equal(isProtected(whole.subarray(0, length), 3), false, String(length));
  }
});

async function udp(t: TestContext): Promise<Socket> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  t.after(() => socket.close());
  return socket;
}

function ber(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function integer(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return ber(0x02, bytes);
}

function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const part of rest) {
    const septets = [part & 0x7f];
    for (let left = part >> 7; left > 0; left >>= 7) septets.unshift((left & 0x7f) | 0x80);
    bytes.push(...septets);
  }
  return ber(0x06, Buffer.from(bytes));
}

/** Context and a GetResponse. */
function response(name: string, value: Buffer): Buffer {
  const varbinds = ber(0x30, ber(0x30, oid(name), value));
  return Buffer.concat([ber(0x04), ber(0x04), ber(0xa2, integer(1), integer(0), integer(0), varbinds)]);
}

function message(id: number, flags: number, scoped: Buffer): Buffer {
  const header = ber(0x30, integer(id), integer(65_507), ber(0x04, Buffer.from([flags])), integer(3));
  const empty = [ber(0x04), ber(0x04)];
  const user = ber(
    0x04,
    ber(0x30, ber(0x04), integer(0), integer(0), ber(0x04, Buffer.from("fencer")), ...empty),
  );
  return ber(0x30, integer(3), header, user, ber(0x30, scoped));
}

/** The header of a request begins behind the version: a sequence of id, size and flags. */
function headerOf(request: Buffer): Buffer {
  const body = request.subarray((request[1] ?? 0) < 0x80 ? 2 : 2 + ((request[1] ?? 0) & 0x7f));
  return body.subarray(2 + (body[1] ?? 0) + 2);
}

function messageId(request: Buffer): number {
  const header = headerOf(request);
  return header.readIntBE(2, header[1] ?? 0);
}

function flagsOf(request: Buffer): number {
  const size = headerOf(request).subarray(2 + (headerOf(request)[1] ?? 0));
  const flags = size.subarray(2 + (size[1] ?? 0));
  return (flags[2] ?? 0) & 3;
}
