import assert from "node:assert/strict";
import { test } from "node:test";
import { Values } from "../frame/values.ts";
import { addressOf, limitMs } from "./address.ts";
import { trustOf } from "./trust.ts";

const values = (given: Record<string, string>): Values => new Values([], new Map(Object.entries(given)));
const PIN = "0c64a02d113d3237478c7a3f19a9d469f1459aaee7ad56dd803a7b3c471d5da8";

test("a fingerprint in the ways in which tools print it", () => {
  const colons = (PIN.match(/../g) ?? []).join(":").toUpperCase();
  for (const text of [PIN, colons, `SHA256:${colons}`, `sha256=${PIN}`, ` ${PIN} `]) {
    assert.deepEqual(trustOf(values({ ssl_fingerprint: text })), {
      ok: true,
      value: { type: "pin", sha256: PIN },
    });
  }
  for (const text of ["abcd", `${PIN}00`, "g".repeat(64)]) {
    const bad = trustOf(values({ ssl_fingerprint: text }));
    assert.equal(bad.ok, false);
  }
});

test("the stricter word wins: a pin beats ssl_insecure; nothing said means an authority", () => {
  const both = trustOf(values({ ssl_fingerprint: PIN, ssl_insecure: "1" }));
  assert.equal(both.ok && both.value.type, "pin");
  const insecure = trustOf(values({ ssl_insecure: "1" }));
  assert.equal(insecure.ok && insecure.value.type, "anybody");
  for (const given of [{}, { ssl_insecure: "0" }, { ssl: "1" }] as Record<string, string>[]) {
    const trust = trustOf(values(given));
    assert.equal(trust.ok && trust.value.type, "authority");
  }
});

test("certificates of authorities survive an XML attribute", () => {
  const pem = `-----BEGIN CERTIFICATE-----\n${"A".repeat(64)}\n${"B".repeat(20)}\n-----END CERTIFICATE-----\n`;
  const trust = trustOf(values({ ssl_ca: `${pem}${pem}`.replaceAll("\n", " ") }));
  assert.deepEqual(trust, { ok: true, value: { type: "authority", pem: [pem, pem] } });
  assert.equal(trustOf(values({ ssl_ca: "/etc/ssl/ca.pem" })).ok, false);
});

test("addresses", () => {
  const of = (given: Record<string, string>) => {
    const address = addressOf(values(given), 443);
    return address.ok ? `${address.value.host} ${address.value.port}` : address.problem.kind;
  };
  assert.equal(of({ ip: "192.0.2.1" }), "192.0.2.1 443");
  assert.equal(of({ ip: "192.0.2.1", ipport: "8443" }), "192.0.2.1 8443");
  assert.equal(of({ ip: "192.0.2.1:8443", ipport: "1" }), "192.0.2.1 8443");
  assert.equal(of({ ip: "2001:db8::1" }), "2001:db8::1 443");
  assert.equal(of({ ip: "[2001:db8::1]:8443" }), "2001:db8::1 8443");
  assert.equal(of({ ip: "192.0.2.1", plug: "bmc.example", port_as_ip: "1" }), "bmc.example 443");
  for (const ip of ["", "  ", "a b", "a/b", "host:0", "host:70000", "a\nb", "x".repeat(300)]) {
    assert.equal(of({ ip }), "usage", ip);
  }
});

test("a limit of 0 and disable_timeout leave it to the time of the whole action", () => {
  assert.equal(limitMs(values({ login_timeout: "7" }), "login_timeout", 5), 7_000);
  assert.equal(limitMs(values({}), "login_timeout", 5), 5_000);
  assert.equal(limitMs(values({ login_timeout: "0" }), "login_timeout", 5), Number.POSITIVE_INFINITY);
  assert.equal(limitMs(values({ disable_timeout: "1" }), "login_timeout", 5), Number.POSITIVE_INFINITY);
});
