import assert from "node:assert/strict";
import { test } from "node:test";
import { OperationError } from "../core/errors.ts";
import { parseListen } from "./listen-options.ts";

test("addresses in all their forms", () => {
  const cases: [string, string, number][] = [
    ["10.0.0.1:8442", "10.0.0.1", 8442],
    ["[::1]:8442", "::1", 8442],
    ["*:1", "0.0.0.0", 1],
    [":8442", "0.0.0.0", 8442],
    ["tpve01.example:8442", "tpve01.example", 8442],
  ];
  for (const [listen, host, port] of cases)
    assert.deepEqual(parseListen({ listen }), { console: { host, port } });
  assert.deepEqual(parseListen({}), {});
});

test("what belongs together comes together", () => {
  const listen = "127.0.0.1:8442";
  const parsed = parseListen({
    listen,
    "tls-cert": "c",
    "tls-key": "k",
    "proxy-user": "X-User=10.0.0.5,::1",
  });
  assert.deepEqual(parsed.console?.tls, { cert: "c", key: "k" });
  assert.deepEqual(parsed.console?.proxy, { header: "X-User", from: ["10.0.0.5", "::1"] });
});

test("nonsense is refused with what was expected", () => {
  const listen = "127.0.0.1:8442";
  const wrong: [Record<string, string>, RegExp][] = [
    [{ listen: "8442" }, /ADDR:PORT/],
    [{ listen: "127.0.0.1" }, /ADDR:PORT/],
    [{ listen: "127.0.0.1:0" }, /ADDR:PORT/],
    [{ listen: "127.0.0.1:99999" }, /ADDR:PORT/],
    [{ listen: "::1:8442" }, /ADDR:PORT/],
    [{ listen: "[nonsense]:8442" }, /ADDR:PORT/],
    [{ listen: "a b:8442" }, /ADDR:PORT/],
    [{ listen, "tls-cert": "c" }, /go together/],
    [{ "tls-cert": "c" }, /only for --listen/],
    [{ listen, "proxy-user": "X-User" }, /HEADER=ADDR/],
    [{ listen, "proxy-user": "X-User=anybody" }, /HEADER=ADDR/],
  ];
  for (const [values, complaint] of wrong) {
    assert.throws(
      () => parseListen(values),
      (error) =>
        error instanceof OperationError && error.code === "REQ_INVALID" && complaint.test(error.message),
      JSON.stringify(values),
    );
  }
});
