/**
 * Makes a fresh clone able to run: installs node_modules when they are missing or belong to another
 * lock file. No dependencies, runs on the Node of the host. Speaks on stderr only, because the
 * commands behind it may print JSON.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const PINNED_NODE = join(ROOT, "node_modules", ".bin", "node");

const STAMP = join(ROOT, "node_modules", ".bouncer-stamp");
const LOCK_DIR = join(ROOT, ".bootstrap-lock");
const INSTALL_TIMEOUT_MS = 15 * 60_000;
/** How long a second command waits for the installation that a first one has begun. */
const LOCK_WAIT_MS = INSTALL_TIMEOUT_MS + 60_000;
const LOCK_POLL_MS = 250;
/** A lock without an owner's pid is taken for one that is just being made until it is this old. */
const LOCK_NAMELESS_MS = 5_000;

let ownsLock = false;

/** Installs what is missing. Ends the process with a clear sentence when that is not possible. */
export function bootstrap() {
  if (isInstalled()) return;
  takeLock();
  try {
    if (!isInstalled()) install();
  } finally {
    releaseLock();
  }
}

function isInstalled() {
  const wanted = fingerprint();
  if (readText(STAMP) === wanted && existsSync(PINNED_NODE)) return true;
  if (!matchesLock() || !hasPinnedNode()) return false;
  writeStamp(wanted); // Somebody ran `npm ci` by hand: nothing to do.
  return true;
}

/** What the installation depends on: the lock file, the package file's wishes, the machine's kind. */
function fingerprint() {
  const { dependencies, devDependencies, allowScripts } = packageJson();
  const wishes = JSON.stringify([dependencies, devDependencies, allowScripts]);
  const lock = readFileSync(join(ROOT, "package-lock.json"));
  const machine = `${process.platform}-${process.arch}`;
  return createHash("sha256").update(lock).update(wishes).update(machine).digest("hex");
}

function packageJson() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
}

/** Is every package of the lock file there, in that version? npm leaves a list of what it installed. */
function matchesLock() {
  const installed = readText(join(ROOT, "node_modules", ".package-lock.json"));
  if (installed === undefined) return false;
  const have = JSON.parse(installed).packages ?? {};
  const want = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")).packages ?? {};
  return Object.entries(want).every(
    ([path, entry]) => path === "" || entry.optional || have[path]?.version === entry.version,
  );
}

function hasPinnedNode() {
  const probe = spawnSync(PINNED_NODE, ["--version"], { encoding: "utf8" });
  return probe.status === 0 && probe.stdout.trim() === `v${packageJson().dependencies.node}`;
}

function install() {
  say("installing the pinned runtime and libraries (npm ci, about 400 MB, only the first time) ...");
  const startedAt = Date.now();
  // NODE_ENV=production or a --silent of the outer npm must not leak into this one.
  npm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (!hasPinnedNode()) npm(["rebuild", "node", "koffi", "--loglevel=error"]);
  if (!hasPinnedNode()) {
    fail(
      `npm installed everything, but ${PINNED_NODE} is not Node ${packageJson().dependencies.node}. ` +
        "Its install script did not run: allow install scripts of the packages `node` and `koffi` " +
        "(npm config get ignore-scripts must say false), then repeat.",
    );
  }
  writeStamp(fingerprint());
  say(`installed in ${Math.round((Date.now() - startedAt) / 1000)} s`);
}

function npm(args) {
  // When npm started us, the same npm is taken; the one in PATH may be another.
  const own = process.env.npm_execpath;
  const [command, ...first] = own?.endsWith(".js") ? [process.execPath, own] : ["npm"];
  const result = spawnSync(command, [...first, ...args], {
    cwd: ROOT,
    encoding: "utf8",
    timeout: INSTALL_TIMEOUT_MS,
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}`);
  const why = result.error?.message ?? `exit code ${result.status ?? result.signal}`;
  fail(
    `\`npm ${args.join(" ")}\` failed (${why}). Its output is above; npm needs its registry to be reachable.`,
  );
}

/** One installation at a time in one checkout: `npm ci` begins by deleting node_modules. */
function takeLock() {
  const until = Date.now() + LOCK_WAIT_MS;
  for (let told = false; ; told = true) {
    try {
      mkdirSync(LOCK_DIR);
      ownsLock = true;
      writeFileSync(join(LOCK_DIR, "pid"), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") fail(`cannot write to ${ROOT}: ${error.message}`);
    }
    if (isStale()) {
      rmSync(LOCK_DIR, { recursive: true, force: true });
      continue;
    }
    if (Date.now() > until) fail(`another installation does not end; remove ${LOCK_DIR} if there is none.`);
    if (!told) say("waiting for another command that is installing in this checkout ...");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
}

function releaseLock() {
  rmSync(LOCK_DIR, { recursive: true, force: true });
  ownsLock = false;
}

function isStale() {
  const pid = Number(readText(join(LOCK_DIR, "pid")));
  if (!Number.isInteger(pid) || pid <= 0) {
    const madeAt = statSync(LOCK_DIR, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    return Date.now() - madeAt > LOCK_NAMELESS_MS;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

function writeStamp(text) {
  try {
    writeFileSync(STAMP, text);
  } catch {
    // Another user's checkout: it is only checked again next time.
  }
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stderr.write(`bouncer: ${text}\n`);
}

export function fail(text) {
  say(text);
  if (ownsLock) releaseLock();
  process.exit(1);
}
