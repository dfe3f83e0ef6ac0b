import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { failureOf, firmwareOf, hostDataOf, powerOf } from "./answer.ts";
import { parseDocument, versionOf } from "./document.ts";
import { EXCHANGE_BYTES_MAX, EXCHANGE_DOCUMENTS_MAX } from "./limits.ts";
import { createSplitter } from "./splitter.ts";

const response = (status = "0x0000", message = "No error"): string =>
  `<RESPONSE\n    STATUS="${status}"\n    MESSAGE='${message}'\n     />\n`;
const document = (inside: string, root = '<RIBCL VERSION="2.22">'): string =>
  `<?xml version="1.0"?>\r\n${root}\n${inside}</RIBCL>\n`;
const power = (word: string): string => `<GET_HOST_POWER\n    HOST_POWER="${word}"\n/>\n`;
const read = (...texts: string[]) => texts.map(parseDocument);

test("a power reading in all the shapes that firmware writes", () => {
  const shapes: readonly [string, string][] = [
    [document(response() + power("ON")), "on"],
    [document(response() + power("OFF")), "off"],
    [document(response() + power("off")), "off"],
    // The root element closed at once, and once more at the end.
    [document(response() + power("OFF"), '<RIBCL VERSION="2.22"/>'), "off"],
    [document(`${response()}<GET_HOST_POWER HOST_POWER = "OFF" />`), "off"],
    [document(`${response()}<GET_HOST_POWER HOST POWER="OFF"/>`), "off"],
    [document(`${response()}<GET_HOST_POWER HOST_POWER='OFF'/>`), "off"],
  ];
  for (const [text, expected] of shapes) assert.equal(powerOf(read(text)), expected, text);
});

test("whatever is not plainly a state is unknown", () => {
  const shapes: readonly string[][] = [
    [],
    [document("")],
    [document(response())],
    // No word on whether it went well.
    [document(power("OFF"))],
    [document(response() + power(""))],
    [document(response() + power("OFFLINE"))],
    [document(response() + power("POWERING OFF"))],
    // Two words that disagree, in one document or in two.
    [document(response() + power("OFF") + power("ON"))],
    [document(response() + power("OFF")), document(response() + power("ON"))],
    // A complaint before it, behind it, and with it.
    [document(response("0x0001")), document(response() + power("OFF"))],
    [document(response() + power("OFF")), document(response("0x0023"))],
    [document(response("0x005F") + power("OFF"))],
    [document(response() + response("0x0001") + power("OFF"))],
    [document(response("zero") + power("OFF"))],
    // Not closed, or the same attribute twice.
    [document(`${response()}<GET_HOST_POWER HOST_POWER="OFF" `)],
    [document(`${response()}<GET_HOST_POWER HOST_POWER="OFF" HOST_POWER="ON"/>`)],
    [document(`${response()}<GET_HOST_POWER HOST_POWER="OFF`)],
    // Only in the text of a message.
    [document(`<RESPONSE STATUS="0x0000" MESSAGE='HOST_POWER="OFF"'/>`)],
  ];
  for (const texts of shapes) assert.equal(powerOf(read(...texts)), "unknown", texts.join("|"));
});

test("complaints by their kind", () => {
  const kindOf = (status: string) => failureOf(read(document(response()), document(response(status))))?.type;
  assert.equal(kindOf("0x0000"), undefined);
  assert.equal(kindOf("0x005F"), "login");
  assert.equal(kindOf("0x000a"), "login");
  assert.equal(kindOf("0x0023"), "privilege");
  assert.equal(kindOf("0x003C"), "refused");
  assert.equal(kindOf("95"), "refused");
  assert.equal(failureOf(read(document("")))?.type, "refused");
});

test("version, firmware and system record", () => {
  assert.equal(versionOf(parseDocument(document(response()))), 2.22);
  assert.equal(versionOf(parseDocument(document(response(), "<RIBCL>"))), undefined);
  const firmware = '<GET_FW_VERSION\n FIRMWARE_VERSION = "1.96"\n MANAGEMENT_PROCESSOR = "iLO2"\n/>';
  assert.deepEqual(firmwareOf(read(document(response() + firmware))), { processor: "iLO2", version: "1.96" });
  const record = (type: string, serial: string): string =>
    `<SMBIOS_RECORD TYPE="${type}" B64_DATA="A="><FIELD NAME="Serial Number" VALUE="${serial}"/></SMBIOS_RECORD>`;
  const records = record("0", "bios") + record("1", "CZJ1") + record("3", "chassis");
  assert.deepEqual(hostDataOf(read(document(response() + records))), { serial: "CZJ1" });
  assert.deepEqual(hostDataOf(read(document(response() + record("3", "chassis")))), {});
});

test("the stream is cut behind each document, wherever the pieces end", () => {
  const stream = document(response()) + document(response() + power("ON")) + document(response());
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const splitter = createSplitter();
      const ends = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const documents = ends.slice(1).flatMap((end, index) => {
        const split = splitter.push(Buffer.from(stream.slice(ends[index], end), "latin1"));
        assert.ok(split.ok);
        return split.documents;
      });
      assert.equal(documents.length, 3);
      assert.equal(powerOf(documents.map(parseDocument)), "on");
    }),
    { numRuns: 200 },
  );
});

test("more than can be right is a problem", () => {
  const many = createSplitter().push(Buffer.from("</RIBCL>".repeat(EXCHANGE_DOCUMENTS_MAX + 1)));
  assert.equal(many.ok, false);
  const long = createSplitter().push(Buffer.alloc(EXCHANGE_BYTES_MAX + 1, "<"));
  assert.equal(long.ok, false);
  const splitter = createSplitter();
  for (let exchange = 0; exchange < 4; exchange++) {
    splitter.nextExchange();
    assert.ok(splitter.push(Buffer.alloc(EXCHANGE_BYTES_MAX, " ")).ok);
  }
});

test("an answer in single bytes is read at once", () => {
  const splitter = createSplitter();
  const text = `${" ".repeat(200_000)}${document(response() + power("ON"))}`;
  const documents = [...Buffer.from(text, "latin1")].flatMap((byte) => {
    const split = splitter.push(Buffer.from([byte]));
    assert.ok(split.ok);
    return split.documents;
  });
  assert.equal(powerOf(documents.map(parseDocument)), "on");
});

test("no bytes make it throw, and no cut or change of an answer that is on makes it off", () => {
  const on = document(response()) + document(response() + power("ON"));
  const bytes = Buffer.from(on, "latin1");
  const splitAll = (input: Uint8Array) => {
    const split = createSplitter().push(input);
    return split.ok ? split.documents.map(parseDocument) : [];
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (input) => {
      assert.notEqual(powerOf(splitAll(input)), "off");
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.nat(bytes.length), fc.uint8Array({ maxLength: 40 }), fc.nat(60), (at, put, skip) => {
      const changed = Buffer.concat([
        bytes.subarray(0, at),
        put,
        bytes.subarray(Math.min(bytes.length, at + skip)),
      ]);
      assert.notEqual(powerOf(splitAll(changed)), "off");
    }),
    { numRuns: 500 },
  );
  const pieces = [
    "<",
    ">",
    "/>",
    '"',
    "'",
    "=",
    " ",
    "\n",
    "GET_HOST_POWER",
    "HOST_POWER",
    "STATUS",
    "0x0000",
    "RESPONSE",
    "ON",
    "</RIBCL>",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
      assert.notEqual(powerOf(splitAll(Buffer.from(parts.join("")))), "off");
    }),
    { numRuns: 500 },
  );
});

test("long nonsense is read in a time that grows with its length only", () => {
  const nonsense = [
    "<".repeat(100_000),
    `<A ${"B =".repeat(40_000)}`,
    `<A ${'x="'.repeat(40_000)}`,
    "<A ".repeat(50_000),
    `<A${" ".repeat(100_000)}`,
  ];
  for (const text of nonsense) assert.equal(powerOf([parseDocument(`${text}</RIBCL>`)]), "unknown");
});
