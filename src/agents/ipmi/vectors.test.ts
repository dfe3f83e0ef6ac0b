/** Recorded from ipmitool 1.8.19: suite 3 against ipmi_sim, suite 17 against our simulator. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { decodePacket, encode15, isGenuine15, seal, secret15, unseal } from "./packet.ts";
import { type Handshake, keyOf, rakp2Code, rakp3Code, type Suite, sessionKeys, suiteOf } from "./suites.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

interface Vector {
  readonly suite: number;
  readonly consoleId: string;
  readonly bmcId: string;
  readonly consoleRandom: string;
  readonly bmcRandom: string;
  readonly guid: string;
  readonly rakp2: string;
  readonly rakp3: string;
  readonly rakp4: string;
  readonly k1: string;
  readonly k2: string;
  /** The first packet of the session, without the four bytes of RMCP. */
  readonly packet: string;
}

const VECTORS: readonly Vector[] = [
  {
    suite: 3,
    consoleId: "a4a3a2a0",
    bmcId: "021d0000",
    consoleRandom: "2d8aebef5a4d6665200e722935b3c635",
    bmcRandom: "f13f293c37558895fed7c080693ae0b0",
    guid: "a123456789abcdefa123456789abcdef",
    rakp2: "894e21a765b424b401e48a315b8690e1de967a65",
    rakp3: "383fad5dd3f506daa4e2a5ac081e98ced8b96609",
    rakp4: "379f9974cfeedc8d97a2b184",
    k1: "f699c00485cacba141ba7d5f2a62644f10e2f51d",
    k2: "075ca50fa49b36faa7599d225df3279e051f456d",
    packet:
      "06c0 021d0000 03000000 2000 639426489a14679ec0dec75013c39474" +
      "f08eea972dae63345c1efc7b088ef11a ffff0207 0bc992c493333693e7a20cda",
  },
  {
    suite: 17,
    consoleId: "a4a3a2a0",
    bmcId: "8ff63dda",
    consoleRandom: "347e0e49b4d6ec326d4c31f9c5424fb1",
    bmcRandom: "a5a3aad9ad68f6120bde0133740ecc3c",
    guid: "00112233445566778899aabbccddeeff",
    rakp2: "2a69024da0db1cd32dd22c77056ce437f7feb3dea44a489ca2bd81db5384ef8a",
    rakp3: "a296e5c55106500d22af7da6cb3801c9472ec3e6f837375c7ae21ceb1d552ee6",
    rakp4: "405ccf405d3a49c23c8be8ec78d08f68",
    k1: "afe8cca4537311b3f08b70b8278bf09b034dd7a6f9064a2a6a498c32f2cb26e0",
    k2: "567f89e9273261edc8cca3efef728d8e",
    packet:
      "06c0 8ff63dda 03000000 2000 65c58aca837013a91435dfd55503a71e1df27a5143489ec0193064b50077ed08" +
      "ffff0207 fc6e2c4df10ebbd8c1875f792458ebe1",
  },
];

const RMCP = hex("0600ff07");

for (const vector of VECTORS) {
  describe(`cipher suite ${vector.suite}`, () => {
    const suite = suiteOf(vector.suite) as Suite;
    const shake: Handshake = {
      suite,
      consoleId: hex(vector.consoleId),
      bmcId: hex(vector.bmcId),
      consoleRandom: hex(vector.consoleRandom),
      bmcRandom: hex(vector.bmcRandom),
      guid: hex(vector.guid),
      role: 0x14,
      user: Buffer.from("admin"),
      passwordKey: keyOf(Buffer.from("secret")),
      bmcKey: keyOf(Buffer.from("secret")),
    };
    const keys = sessionKeys(shake);

    test("proofs and keys", () => {
      assert.equal(rakp2Code(shake).toString("hex"), vector.rakp2);
      assert.equal(rakp3Code(shake).toString("hex"), vector.rakp3);
      assert.equal(keys.proof.toString("hex"), vector.rakp4);
      assert.equal(keys.integrity.toString("hex"), vector.k1);
      assert.equal(keys.cipher.toString("hex"), vector.k2.slice(0, 32));
    });

    test("the first packet, opened and made again", () => {
      const bytes = Buffer.concat([RMCP, hex(vector.packet)]);
      const packet = decodePacket(bytes);
      assert.ok(packet?.type === "2.0");
      const inner = unseal(packet, suite, keys);
      assert.equal(inner?.toString("hex"), "2018c881043b043c");
      const iv = packet.payload.subarray(0, 16);
      const again = seal(inner as Buffer, { suite, keys, id: shake.bmcId, seq: 3 }, iv);
      assert.equal(again.toString("hex"), bytes.toString("hex"));
    });

    test("one wrong bit anywhere, and it is not opened", () => {
      const whole = Buffer.concat([RMCP, hex(vector.packet)]);
      // Behind the head of RMCP every bit counts.
      for (let bit = 4 * 8; bit < whole.length * 8; bit++) {
        const damaged = Buffer.from(whole);
        damaged.writeUInt8((damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7)), bit >> 3);
        const packet = decodePacket(damaged);
        const isForOthers = packet?.type === "2.0" && !packet.id.equals(shake.bmcId);
        const opened = packet?.type === "2.0" ? unseal(packet, suite, keys) : undefined;
        assert.ok(opened === undefined || isForOthers, `bit ${bit}`);
        assert.equal(opened, undefined, `bit ${bit}`);
      }
    });

    test("cut anywhere, and it is not opened", () => {
      const whole = Buffer.concat([RMCP, hex(vector.packet)]);
      for (let length = 0; length < whole.length; length++) {
        const packet = decodePacket(whole.subarray(0, length));
        assert.equal(packet?.type === "2.0" ? unseal(packet, suite, keys) : undefined, undefined);
      }
    });
  });
}

test("IPMI 1.5: signed, and only then genuine", () => {
  const secret = secret15(Buffer.from("secret"));
  const head = { auth: 2, seq: 7, id: hex("01020304"), secret };
  const packet = decodePacket(encode15(hex("2018c881043b043c"), head));
  assert.ok(packet?.type === "1.5");
  assert.equal(isGenuine15(packet, secret), true);
  assert.equal(isGenuine15(packet, secret15(Buffer.from("other"))), false);
  assert.equal(isGenuine15({ ...packet, seq: 8 }, secret), false);
  assert.equal(isGenuine15({ ...packet, auth: 0 }, secret), false);
});
