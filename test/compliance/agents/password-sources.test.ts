/** Every place a password can come from, and two that are valid while it is being changed. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { KEY_BYTES_MIN, seal, unseal } from "../../../src/agents/sealed.ts";
import { createBench } from "./bench.ts";

const LIMIT = { timeout: 60_000 };

/** Switches off only for this password. */
const PICKY = `#!/bin/sh
while read -r line; do case $line in passwd=second) good=yes;; action=metadata) exit 1;; esac; done
[ -n "$good" ] || { echo "Unable to connect/login to fencing device" >&2; exit 1; }
echo "Success: Powered OFF"
`;

test("a file, a credential of systemd and a sealed value give the password", LIMIT, async (t) => {
  const bench = createBench(t);
  bench.script("fence_picky", PICKY);
  const key = randomBytes(256);
  const keyfile = join(bench.folder, "authkey");
  writeFileSync(keyfile, key);
  writeFileSync(join(bench.folder, "ilo"), "second\n");
  const before = process.env["CREDENTIALS_DIRECTORY"];
  process.env["CREDENTIALS_DIRECTORY"] = bench.folder;
  t.after(() => {
    if (before === undefined) delete process.env["CREDENTIALS_DIRECTORY"];
    else process.env["CREDENTIALS_DIRECTORY"] = before;
  });
  const off = (passwdScript: string) => bench.run({ agent: "fence_picky", passwdScript, pairs: [] }, "off");
  const file = join(bench.folder, "ilo");
  for (const source of [`file:${file}`, "credential:ilo", `sealed:${keyfile}:${seal("second", key)}`]) {
    assert.equal((await off(source)).result, "ok", source);
  }
  const refused = async (source: string, why: RegExp) => {
    const outcome = await off(source);
    assert.equal(outcome.result, "failed");
    assert.match(outcome.detail, why);
    assert.doesNotMatch(outcome.detail, /second/);
  };
  await refused(`file:${bench.folder}/nowhere`, /passwd_file .*nowhere does not exist here/);
  await refused(`file:${bench.folder}`, /is no file/);
  await refused("credential:../ilo", /not the name of a credential/);
  await refused("credential:other", /passwd_credential other does not exist here/);
  await refused(`sealed:${keyfile}:${seal("second", randomBytes(256))}`, /does not open it/);
  await refused(
    `sealed:${bench.folder}/nokey:${seal("second", key)}`,
    /key file .*nokey does not exist here/,
  );
  writeFileSync(file, "first\nsecond\nthird\n");
  await refused(`file:${file}`, /more than two lines/);
});

test(
  "of two passwords the second is tried when the first is refused, whatever the place",
  LIMIT,
  async (t) => {
    const bench = createBench(t);
    bench.script("fence_picky", PICKY);
    const run = (passwdScript: string) => bench.run({ agent: "fence_picky", passwdScript, pairs: [] }, "off");
    const file = join(bench.folder, "two");
    writeFileSync(file, "first\nsecond\n");
    assert.equal((await run(`file:${file}`)).result, "ok");
    assert.equal((await run(bench.script("two.sh", "#!/bin/sh\necho first; echo second\n"))).result, "ok");
    writeFileSync(file, "first\nthird\n");
    const outcome = await run(`file:${file}`);
    assert.equal(outcome.result, "failed");
    assert.match(outcome.detail, /Unable to connect/);
  },
);

test("sealed: what goes in comes out, with this key only, and nothing that was changed", () => {
  const key = randomBytes(128);
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (text, at, flip) => {
        const value = seal(text.toWellFormed(), key);
        assert.match(value, /^b1:[\w-]+$/);
        assert.deepEqual(unseal(value, key), { ok: true, text: text.toWellFormed() });
        assert.notEqual(value, seal(text.toWellFormed(), key));
        assert.equal(unseal(value, randomBytes(128)).ok, false);
        const bytes = Buffer.from(value.slice(3), "base64url");
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ flip;
        assert.equal(unseal(`b1:${bytes.toString("base64url")}`, key).ok, false);
      },
    ),
    { numRuns: 100 },
  );
  fc.assert(fc.property(fc.string(), (text) => assert.equal(unseal(text, key).ok, false)));
  assert.equal(unseal(seal("x", key).replace("b1:", "b2:"), key).ok, false);
  assert.throws(() => seal("x", new Uint8Array(KEY_BYTES_MIN - 1)), /less than/);
});
