/** Corosync's result codes. Source: corosync/corotypes.h. */

export const CS = { ok: 1, tryAgain: 6, exist: 14 } as const;

const NAMES: Readonly<Record<number, string>> = {
  2: "CS_ERR_LIBRARY",
  3: "CS_ERR_VERSION",
  4: "CS_ERR_INIT",
  5: "CS_ERR_TIMEOUT",
  6: "CS_ERR_TRY_AGAIN",
  7: "CS_ERR_INVALID_PARAM",
  8: "CS_ERR_NO_MEMORY",
  9: "CS_ERR_BAD_HANDLE",
  10: "CS_ERR_BUSY",
  11: "CS_ERR_ACCESS",
  12: "CS_ERR_NOT_EXIST",
  14: "CS_ERR_EXIST",
  15: "CS_ERR_NO_SPACE",
  17: "CS_ERR_NAME_NOT_FOUND",
  18: "CS_ERR_NO_RESOURCES",
  19: "CS_ERR_NOT_SUPPORTED",
  20: "CS_ERR_BAD_OPERATION",
  22: "CS_ERR_MESSAGE_ERROR",
  23: "CS_ERR_QUEUE_FULL",
  24: "CS_ERR_QUEUE_NOT_AVAILABLE",
  26: "CS_ERR_TOO_BIG",
  30: "CS_ERR_TOO_MANY_GROUPS",
  100: "CS_ERR_SECURITY",
};

/** A call of one of Corosync's libraries that did not succeed. Ends the connection. */
export class CorosyncError extends Error {
  override readonly name = "CorosyncError";
  readonly code: number;

  constructor(call: string, code: number) {
    super(`${call}: ${NAMES[code] ?? `error ${code}`}`);
    this.code = code;
  }
}

export function checkCs(call: string, code: number): void {
  if (code !== CS.ok) throw new CorosyncError(call, code);
}

/** `CS_DISPATCH_ONE_NONBLOCKING`: one callback, or CS_ERR_TRY_AGAIN when there is none. */
export const DISPATCH_ONE = 4;
