/** Devices on the other side of TLS that send anything at all, or nothing: no agent believes them. */
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { createServer, type TLSSocket } from "node:tls";
import fc from "fast-check";
import { createCertificate } from "../../../src/x509/certificate.ts";
import { ask, type Given, LOGIN } from "./ask.ts";

const OPTIONS = { timeout: 90_000 };
/** Units: ms. Short: a device that says nothing costs all of it. */
const BUDGET_MS = 250;
const RUNS = 25;

async function openNonsense(
  t: TestContext,
): Promise<{ given: Given; says: (socket: (s: TLSSocket) => void) => void }> {
  const { cert, key } = await createCertificate({ commonName: "bmc", bits: 2048, hash: "sha256" });
  const sockets = new Set<TLSSocket>();
  let behave: (socket: TLSSocket) => void = () => {};
  const server = createServer({ cert, key }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    socket.once("data", () => behave(socket));
  });
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const { user: username, password } = LOGIN;
  return {
    given: { ip: "127.0.0.1", ipport: String(address.port), username, password, ssl_insecure: "1" },
    says: (next) => {
      behave = next;
    },
  };
}

const RIBCL_PIECES = [
  '<?xml version="1.0"?>\r\n',
  '<RIBCL VERSION="2.22">',
  "<RESPONSE STATUS=\"0x0000\" MESSAGE='No error'/>",
  '<RESPONSE STATUS="0x005F"',
  '<GET_HOST_POWER HOST_POWER="ON"/>',
  '<GET_HOST_POWER HOST_POWER="',
  "</RIBCL>",
  "\u0000\u00ff",
] as const;

const HTTP_PIECES = [
  "HTTP/1.1 200 OK\r\n",
  "HTTP/1.1 401 Unauthorized\r\n",
  "HTTP/1.1 308 Permanent Redirect\r\nLocation: /x\r\n",
  "Content-Length: 10\r\n",
  "Transfer-Encoding: chunked\r\n",
  "\r\n",
  "\r\n5\r\n",
  '{"PowerState":"On"',
  '{"PowerState":"Of',
  "\u0000\u00ff",
] as const;

for (const [name, pieces] of [
  ["fence_ilo2", RIBCL_PIECES],
  ["fence_redfish", HTTP_PIECES],
] as const) {
  test(`${name}: pieces of answers in any order, then silence or the end`, OPTIONS, async (t) => {
    const { given, says } = await openNonsense(t);
    const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary", maxLength: 8 }));
    const property = fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.boolean(),
      async (parts, ends) => {
        says((socket) => {
          socket.write(Buffer.from(parts.join(""), "latin1"));
          if (ends) socket.end();
        });
        const answer = await ask(name, "off", given, { budgetMs: BUDGET_MS });
        assert.equal(answer.ok, false);
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  });

  test(`${name}: a flood without an end`, OPTIONS, async (t) => {
    const { given, says } = await openNonsense(t);
    for (const text of pieces) {
      const flood = Buffer.from(text.repeat(4_096), "latin1");
      says((socket) => {
        const pour = (): void => {
          while (!socket.destroyed && socket.write(flood)); // Until the buffer is full; then on "drain".
        };
        socket.on("drain", pour);
        pour();
      });
      const answer = await ask(name, "off", given, { budgetMs: 5_000 });
      assert.equal(answer.ok, false);
    }
  });
}
