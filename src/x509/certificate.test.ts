import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { createCertificate } from "./certificate.ts";

test("OpenSSL reads it, and it is signed by its own key", async () => {
  const made = await createCertificate({
    commonName: "ILO1",
    bits: 1024,
    hash: "sha1",
    addresses: ["127.0.0.1"],
  });
  const read = new X509Certificate(made.cert);
  assert.equal(read.subject, "CN=ILO1");
  assert.equal(read.subjectAltName, "IP Address:127.0.0.1");
  assert.equal(read.fingerprint256.replaceAll(":", "").toLowerCase(), made.sha256);
  assert.ok(read.verify(read.publicKey));
  const now = Date.now();
  assert.ok(Date.parse(read.validFrom) < now && now < Date.parse(read.validTo));
});

test("a name instead of an address, or nothing at all", async () => {
  const named = await createCertificate({
    commonName: "bmc",
    bits: 1024,
    hash: "sha256",
    addresses: ["bmc.example"],
  });
  assert.equal(new X509Certificate(named.cert).subjectAltName, "DNS:bmc.example");
  const bare = await createCertificate({ commonName: "bmc", bits: 1024, hash: "sha256" });
  assert.equal(new X509Certificate(bare.cert).subjectAltName, undefined);
});

test("what a browser wants of a server: a curve, all its names, the purpose", async () => {
  const made = await createCertificate({
    commonName: "tpve01",
    bits: 256,
    hash: "sha256",
    addresses: ["tpve01", "10.0.0.1", "::1", "2001:db8::7:0:0:9"],
    usage: "server",
    validDays: 800,
  });
  const read = new X509Certificate(made.cert);
  assert.equal(
    read.subjectAltName,
    "DNS:tpve01, IP Address:10.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:2001:DB8:0:0:7:0:0:9",
  );
  assert.deepEqual(read.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
  assert.ok(read.verify(read.publicKey));
  assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
});
