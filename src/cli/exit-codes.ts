/** Exit codes that are no error of ERRORS: see docs/commands.md. */
export const EXIT = {
  ok: 0,
  /** The thing that was asked for was tried and did not succeed. */
  failed: 1,
  /** Wrong use: unknown command, option or argument. The same as REQ_INVALID. */
  usage: 2,
  /** `fence` and `unfence`: the node has no such method. */
  undefined: 2,
  /** A bug of ours. */
  internal: 70,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;
