/** What daemons tell one another about volumes of LVM, beside the ledger: nothing is decided by it. */
import type { NodeId } from "../ids.ts";

/** A volume has a new size: whoever holds a lock on it looks at its metadata again, and answers. */
export interface VolumeRefresh {
  readonly type: "volume-refresh";
  /** Of the one who asks. */
  readonly number: number;
  readonly lockspace: string;
  readonly uuid: string;
  readonly path: string;
}

export interface VolumeRefreshed {
  readonly type: "volume-refreshed";
  /** Who asked, and which of its asks. */
  readonly of: NodeId;
  readonly number: number;
  /** Absent: done. */
  readonly problem?: string;
}

/** Units: characters. */
export const VOLUME_PATH_CHARS_MAX = 300;
export const VOLUME_PROBLEM_CHARS_MAX = 200;
