/** Notices that the configuration file changed. Its file system may hang: one look at a time, ever. */
import { stat } from "node:fs/promises";

/** Units: ms. */
export const CONFIG_LOOK_MS = 5_000;

export interface ConfigWatch {
  /** Reads the file again, changed or not (SIGHUP). */
  reload(): void;
  close(): void;
}

/** `reload` is called when the file is another than at the last look; one call at a time. */
export function watchConfig(path: string, reload: () => Promise<void>): ConfigWatch {
  let known: string | undefined;
  let busy = false;
  let asked = false;
  let closed = false;

  async function look(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      const stamp = await stampOf(path);
      const changed = known !== undefined && stamp !== known;
      known = stamp;
      if (changed || asked) {
        asked = false;
        await reload();
      }
    } finally {
      busy = false;
    }
    if (asked && !closed) await look();
  }

  void look();
  const timer = setInterval(() => void look(), CONFIG_LOOK_MS);
  return {
    reload() {
      asked = true;
      void look();
    },
    close() {
      closed = true;
      clearInterval(timer);
    },
  };
}

/** Differs when the file was written or replaced; a file that is away has a stamp of its own. */
async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs, ctimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}
