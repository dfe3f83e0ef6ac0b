/**
 * A screenshot with at most 256 colours: a page has few, and its picture is then a quarter of the size and
 * still sharp. Source: PNG specification (third edition), sections 9 and 11.
 */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOURS_MAX = 256;
/** Units: steps of a channel of 256. */
const APART = 40;
/** Colour types of 8 bits per sample: RGB, RGBA. */
const CHANNELS: Readonly<Record<number, number>> = { 2: 3, 6: 4 };

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** 0xRRGGBB each, line by line. What is transparent counts as opaque. */
  readonly pixels: Uint32Array;
}

export function toPalettePng(png: Uint8Array): Buffer {
  return encodePicture(decodePicture(png));
}

/** Errors: throws for what a browser's screenshot never is: interlaced, with a palette, 16 bits deep. */
export function decodePicture(png: Uint8Array): Picture {
  const view = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  const data: Buffer[] = [];
  let header: Buffer | undefined;
  for (let at = SIGNATURE.length; at < view.length; ) {
    const length = view.readUInt32BE(at);
    const type = view.toString("latin1", at + 4, at + 8);
    const body = view.subarray(at + 8, at + 8 + length);
    if (type === "IHDR") header = body;
    if (type === "IDAT") data.push(body);
    at += 12 + length;
  }
  const channels = header === undefined ? undefined : CHANNELS[header[9] ?? 0];
  if (header === undefined || channels === undefined || header[8] !== 8 || header[12] !== 0)
    throw new Error("not a picture of 8-bit RGB or RGBA");
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const bytes = unfilter(inflateSync(Buffer.concat(data)), width * channels, height, channels);
  const pixels = new Uint32Array(width * height);
  for (let at = 0; at < pixels.length; at++) pixels[at] = bytes.readUIntBE(at * channels, 3);
  return { width, height, pixels };
}

/** Undoes what each line says was done to it: differences to the left, above, their mean, or Paeth's guess. */
function unfilter(raw: Buffer, stride: number, height: number, channels: number): Buffer {
  const out = Buffer.alloc(stride * height);
  for (let line = 0; line < height; line++) {
    const kind = raw[line * (stride + 1)] ?? 0;
    const from = line * (stride + 1) + 1;
    const to = line * stride;
    for (let at = 0; at < stride; at++) {
      const left = at < channels ? 0 : (out[to + at - channels] ?? 0);
      const up = line === 0 ? 0 : (out[to + at - stride] ?? 0);
      const corner = at < channels || line === 0 ? 0 : (out[to + at - stride - channels] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] ?? 0;
      out[to + at] = ((raw[from + at] ?? 0) + guess) & 0xff;
    }
  }
  return out;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

function encodePicture({ width, height, pixels }: Picture): Buffer {
  const palette = paletteOf(pixels);
  const nearest = new Map<number, number>();
  const raw = Buffer.alloc((width + 1) * height);
  for (let at = 0; at < pixels.length; at++) {
    const colour = pixels[at] ?? 0;
    let index = nearest.get(colour);
    if (index === undefined) {
      index = nearestOf(palette, colour);
      nearest.set(colour, index);
    }
    raw[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = index;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(
    palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]),
  );
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(raw, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** The frequent ones as they are; the edges of letters fall to their neighbours. */
function paletteOf(pixels: Uint32Array): readonly number[] {
  const counts = new Map<number, number>();
  for (const colour of pixels) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const ranked = [...counts].sort((a, b) => b[1] - a[1]).map(([colour]) => colour);
  if (ranked.length <= COLOURS_MAX) return ranked;
  // First what is far from all before it, however rare: a small green dot must stay green.
  const chosen = new Set<number>();
  for (const colour of ranked) {
    if (chosen.size === COLOURS_MAX) break;
    if ([...chosen].every((one) => distanceOf(one, colour) >= APART ** 2)) chosen.add(colour);
  }
  for (const colour of ranked) if (chosen.size < COLOURS_MAX) chosen.add(colour);
  return [...chosen];
}

function nearestOf(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const [index, one] of palette.entries()) {
    const distance = distanceOf(one, colour);
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

function distanceOf(a: number, b: number): number {
  const [red, green, blue] = [
    (a >> 16) - (b >> 16),
    ((a >> 8) & 0xff) - ((b >> 8) & 0xff),
    (a & 0xff) - (b & 0xff),
  ];
  return red * red + green * green + blue * blue;
}
