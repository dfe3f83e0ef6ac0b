import assert from "node:assert/strict";
import { test } from "node:test";
import { readRepositoryFile } from "./files.ts";
import { type LockedPackages, missingEntries, scriptsNotDecided, unchecked } from "./lock-file.ts";

const lock = JSON.parse(readRepositoryFile("package-lock.json")) as { readonly packages: LockedPackages };
const own = JSON.parse(readRepositoryFile("package.json")) as {
  readonly allowScripts: Readonly<Record<string, boolean>>;
};

test("the lock file is complete: npm ci takes it", () => assert.deepEqual(missingEntries(lock.packages), []));

test("what is installed on a member node has a checksum", () => {
  const glibc = Object.entries(lock.packages).filter(([path]) => !path.endsWith("-musl"));
  assert.deepEqual(unchecked(Object.fromEntries(glibc)), []);
});

test("install scripts are allowed or forbidden by name", () => {
  assert.deepEqual(scriptsNotDecided(lock.packages, own.allowScripts), []);
});

test("an entry that is missing is found, one that is nested is not missed", () => {
  const packages: LockedPackages = {
    "": { dependencies: { a: "1", "@s/b": "1" } },
    "node_modules/a": { dependencies: { c: "1" }, optionalDependencies: { "a-darwin": "1" } },
    "node_modules/a/node_modules/c": { dependencies: { "@s/b": "1", a: "1" } },
    "node_modules/@s/b": {},
  };
  assert.deepEqual(missingEntries(packages), ["node_modules/a needs a-darwin, which has no entry"]);
  const { "node_modules/@s/b": _, ...less } = packages;
  assert.equal(missingEntries(less).length, 3);
});

test("a package without a checksum is found where it matters", () => {
  const packages: LockedPackages = {
    "": {},
    "node_modules/a": {},
    "node_modules/b": { integrity: "sha512-x" },
    "node_modules/c-darwin": { os: ["darwin"], cpu: ["x64"] },
    "node_modules/c-linux": { os: ["linux"], cpu: ["x64"] },
  };
  assert.deepEqual(unchecked(packages), [
    "node_modules/a has no checksum",
    "node_modules/c-linux has no checksum",
  ]);
});

test("an install script that nobody allowed is found", () => {
  const packages = { "node_modules/a": { hasInstallScript: true }, "node_modules/b": {} };
  assert.equal(scriptsNotDecided(packages, { a: true }).length, 0);
  assert.equal(scriptsNotDecided(packages, { b: true }).length, 1);
});
