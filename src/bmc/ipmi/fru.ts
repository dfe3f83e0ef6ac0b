/** A FRU inventory with a product area. Source: IPMI Platform Management FRU Information Storage, v1.0. */

const BLOCK_BYTES = 8;
const VERSION = 1;
const ENGLISH = 25;
const TEXT = 0xc0;
const END = 0xc1;
const TEXT_BYTES_MAX = 63;

export function fruOf(product: string, serial: string): Buffer {
  const fields = ["Bouncer", product, "", "", serial, "", ""].map((text) => {
    const bytes = Buffer.from(text.slice(0, TEXT_BYTES_MAX), "latin1");
    // One byte of text would look like the end of the fields.
    const padded = bytes.length === 1 ? Buffer.concat([bytes, Buffer.from(" ")]) : bytes;
    return Buffer.concat([Buffer.from([TEXT | padded.length]), padded]);
  });
  const body = Buffer.concat([Buffer.from([VERSION, 0, ENGLISH]), ...fields, Buffer.from([END])]);
  const blocks = Math.ceil((body.length + 1) / BLOCK_BYTES);
  const area = Buffer.alloc(blocks * BLOCK_BYTES);
  area.set(body);
  area.writeUInt8(blocks, 1);
  const head = Buffer.alloc(BLOCK_BYTES);
  head.writeUInt8(VERSION, 0);
  head.writeUInt8(1, 4);
  return Buffer.concat([summed(head), summed(area)]);
}

function summed(bytes: Buffer): Buffer {
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.writeUInt8(-sum & 0xff, bytes.length - 1);
  return bytes;
}
