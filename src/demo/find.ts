/** Finds the demo that runs on this machine, and clears away what a killed one left behind. */
import { readdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { DemoReply } from "../api/demo.ts";
import { askDemo } from "../console/demo-control.ts";
import { baseDirectory, rootPrefix } from "./layout.ts";

/** Units: ms. A younger directory without a hub may be of a demo that is just starting. */
const START_MS_MAX = 60_000;

export interface RunningDemo {
  readonly control: string;
  readonly state: Extract<DemoReply, { ok: true }>;
}

/** The one that was started last; `BOUNCER_DEMO=DIRECTORY` names another. */
export async function findDemo(): Promise<RunningDemo | undefined> {
  const named = process.env["BOUNCER_DEMO"];
  const roots = named === undefined || named === "" ? demoRoots() : [named];
  for (const root of roots) {
    const control = join(root, "control.sock");
    const state = await askDemo(control, { op: "describe" }).catch(() => undefined);
    if (state?.ok === true) return { control, state };
  }
  return undefined;
}

/** Newest first. */
function demoRoots(): string[] {
  return ownDirectories("demo").sort((a, b) => statSync(b).ctimeMs - statSync(a).ctimeMs);
}

function ownDirectories(kind: "demo" | "story"): string[] {
  const base = baseDirectory();
  const names = readdirSync(base).filter((name) => name.startsWith(rootPrefix(kind)));
  const paths = names.map((name) => join(base, name));
  return paths.filter((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.isDirectory() === true && found.uid === process.getuid?.();
  });
}

/** A demo that was killed could not remove its directory: no hub listens there any more. */
export async function removeLeftovers(): Promise<void> {
  for (const root of [...ownDirectories("demo"), ...ownDirectories("story")]) {
    const isStale =
      (await isDead(join(root, "hub.sock"))) && Date.now() - statSync(root).ctimeMs > START_MS_MAX;
    if (isStale) rmSync(root, { recursive: true, force: true });
  }
}

function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", () => resolve(true));
  });
}
