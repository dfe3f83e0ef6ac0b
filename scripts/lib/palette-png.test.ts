import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { decodePicture, toPalettePng } from "./palette-png.ts";

const [WIDTH, HEIGHT] = [64, 50];

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(body.length);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** An RGB picture whose lines are filtered in all five ways by turns. */
function rgbPng(colourOf: (x: number, y: number) => number): Buffer {
  const stride = WIDTH * 3;
  const plain = Buffer.alloc(stride * HEIGHT);
  for (let at = 0; at < WIDTH * HEIGHT; at++)
    plain.writeUIntBE(colourOf(at % WIDTH, Math.floor(at / WIDTH)), at * 3, 3);
  const raw = Buffer.alloc((stride + 1) * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    raw[y * (stride + 1)] = y % 5;
    for (let at = 0; at < stride; at++) {
      const a = at < 3 ? 0 : (plain[y * stride + at - 3] ?? 0);
      const b = y === 0 ? 0 : (plain[(y - 1) * stride + at] ?? 0);
      const c = at < 3 || y === 0 ? 0 : (plain[(y - 1) * stride + at - 3] ?? 0);
      const far = [a, b, c].map((one) => Math.abs(a + b - c - one));
      const nearest = [a, b, c][far.indexOf(Math.min(...far))] ?? 0;
      const guess = [0, a, b, (a + b) >> 1, nearest][y % 5] ?? 0;
      raw[y * (stride + 1) + 1 + at] = ((plain[y * stride + at] ?? 0) - guess) & 0xff;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

test("every way to filter a line is undone", () => {
  const colourOf = (x: number, y: number): number => (x * 0x030507 + y * 0x0b0d11) & 0xffffff;
  const { width, height, pixels } = decodePicture(rgbPng(colourOf));
  assert.deepEqual([width, height], [WIDTH, HEIGHT]);
  for (let at = 0; at < pixels.length; at++)
    assert.equal(pixels[at], colourOf(at % WIDTH, Math.floor(at / WIDTH)), `pixel ${at}`);
});

test("few colours stay what they are; many become 256", () => {
  const few = toPalettePng(rgbPng((x, y) => [0x10141a, 0xe6ebf2, 0xff8a80][(x + y) % 3] ?? 0));
  assert.equal(few[25], 3, "it has a palette");
  const palette = (png: Buffer): Buffer => {
    const at = png.indexOf("PLTE");
    return png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4));
  };
  assert.deepEqual(palette(few).toString("hex").match(/.{6}/g)?.sort(), ["10141a", "e6ebf2", "ff8a80"]);
  const many = toPalettePng(rgbPng((x, y) => (x * 4 * 65536 + y * 5 * 256 + ((x * y) & 0xff)) & 0xffffff));
  assert.ok(palette(many).length <= 256 * 3 && palette(many).length > 100 * 3);
});

test("what is no screenshot is refused", () => {
  const png = rgbPng(() => 0);
  png[25] = 3;
  assert.throws(() => decodePicture(png), /not a picture/);
});
