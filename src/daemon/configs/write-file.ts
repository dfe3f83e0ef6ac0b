/** Writing `cluster.conf`: by way of a file beside it, so that a full disk leaves the old one whole. */
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { configVersionOf, withConfigVersion } from "../../config/config-version.ts";
import { digestOf } from "./text-store.ts";

/** Readable for the group: it holds passwords. */
const MODE = 0o640;

/** Errors: rejects with what the disk said; the old file is then as it was. */
export async function replaceFile(path: string, text: Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.bouncer-${process.pid}`);
  const owner = await stat(path).catch(() => undefined);
  try {
    const file = await open(temporary, "w", MODE);
    try {
      await file.writeFile(text);
      // A file system without owners or modes (a cluster's own) keeps its rules.
      await file.chmod(MODE).catch(() => {});
      if (owner !== undefined) await file.chown(owner.uid, owner.gid).catch(() => {});
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync().catch(() => {}); // Not every file system can.
  } finally {
    await folder.close();
  }
}

/**
 * What was on the disk and was never in force anywhere is somebody's work: it is kept beside the file.
 * Not where `text` is that work with its version raised.
 */
export async function saveAside(
  path: string,
  old: Uint8Array,
  text: Uint8Array,
  isKnown: (digest: string) => Promise<boolean>,
): Promise<void> {
  if (isSource(old, text) || (await isKnown(digestOf(old)))) return;
  const version = configVersionOf(new TextDecoder().decode(old)) ?? 0;
  await replaceFile(`${path}.before-${version}`, old);
}

/** `cluster.conf.new` has become `cluster.conf`: as in the old stack it is then gone. */
export async function takeAwayCandidate(path: string, text: Uint8Array): Promise<void> {
  const candidate = `${path}.new`;
  const bytes = await readFile(candidate).catch(() => undefined);
  if (bytes !== undefined && isSource(bytes, text)) await rm(candidate, { force: true });
}

/** Is `text` the other one, but for its version? */
function isSource(source: Uint8Array, text: Uint8Array): boolean {
  const [before, after] = [source, text].map((bytes) => new TextDecoder().decode(bytes)) as [string, string];
  const version = configVersionOf(after);
  return version !== undefined && withConfigVersion(before, version) === after;
}
