/** docs/config-tutorial.md shows what was typed in the lab. To accept a change: `npm run config-tutorial`. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { labIsMissing } from "./requirements.ts";

const SCRIPT = fileURLToPath(new URL("../../../scripts/config-tutorial.ts", import.meta.url));
const PAGE = new URL("../../../docs/config-tutorial.md", import.meta.url);

test("the page shows what three real nodes answer", { skip: labIsMissing(), timeout: 120_000 }, async (t) => {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, "--print"], { signal: t.signal });
  assert.equal(stdout, readFileSync(PAGE, "utf8"));
});
