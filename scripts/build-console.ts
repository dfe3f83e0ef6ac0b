/** `npm run build:console`: the console's page, from web/ into web/dist, packed for the network. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "vite";
import { CONSOLE_STAMP, consoleFingerprint } from "./lib/console-stamp.mjs";

const WEB = join(import.meta.dirname, "..", "web");
const DIST = join(WEB, "dist");
/** Smaller files gain nothing. Units: bytes. */
const PACK_BYTES_MIN = 1_024;

const fingerprint = consoleFingerprint();
await build({ configFile: join(WEB, "vite.config.ts"), logLevel: "warn", mode: "production" });
for (const entry of readdirSync(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|html|svg)$/.test(entry.name)) continue;
  const file = join(entry.parentPath, entry.name);
  const plain = readFileSync(file);
  if (plain.length < PACK_BYTES_MIN) continue;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  writeFileSync(`${file}.br`, brotliCompressSync(plain, { params }));
}
writeFileSync(CONSOLE_STAMP, fingerprint);
