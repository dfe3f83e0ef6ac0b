import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatReply, parseRequest, splitRequests } from "./message.ts";

test("a request as LVM writes it", () => {
  const text = 'request="lock_vg"\ncmd ="vgs"\npid =123\nmode ="sh"\nopts ="none"\n';
  assert.deepEqual(parseRequest(text), {
    request: "lock_vg",
    cmd: "vgs",
    pid: 123,
    mode: "sh",
    opts: "none",
  });
});

test("requests come whole, whatever pieces they arrive in", () => {
  assert.deepEqual(splitRequests("a\n##\nb\n##\nc"), { requests: ["a", "b"], rest: "c" });
  assert.deepEqual(splitRequests("a\n#"), { requests: [], rest: "a\n#" });
});

test("a reply says what was meant, quotes included", () => {
  assert.equal(formatReply({ response: "OK", op_result: -11 }), 'response = "OK"\nop_result = -11\n##\n');
  assert.deepEqual(parseRequest(formatReply({ a: 'q"\\' })), { a: 'q"\\' });
});

test("fuzz: anything is read without an error, and nothing comes of what is no field", () => {
  fc.assert(fc.property(fc.string(), (text) => typeof parseRequest(text) === "object"));
  assert.deepEqual(parseRequest('x = "open\n= 3\ny = 1e9\n'), {});
});
