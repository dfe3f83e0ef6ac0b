/**
 * Every expected failure that ends a request or a start, with its exit code and what to do.
 * Stable, documented in docs/errors.md (a test fails when one is missing there). Never reuse or
 * renumber a code.
 */
export const ERRORS = {
  REQ_INVALID: { exit: 2, status: 400, hint: "See `bouncer help` or docs/api.md for the accepted shape." },
  REQ_NODE_UNKNOWN: { exit: 2, status: 404, hint: "Use a node name from cluster.conf." },
  REQ_NOT_FOUND: { exit: 2, status: 404, hint: "See docs/api.md for the routes." },
  REQ_TOO_LARGE: { exit: 2, status: 413, hint: "Send less." },
  DOM_NOT_JOINED: { exit: 3, status: 409, hint: "Join first: `bouncer join`." },
  DOM_NOT_VICTIM: { exit: 3, status: 409, hint: "Only a victim can be acknowledged; see `bouncer status`." },
  DOM_NOT_SYNCED: {
    exit: 3,
    status: 409,
    hint: "The members are still comparing notes; try again in a moment.",
  },
  DOM_NOT_QUORATE: { exit: 3, status: 409, hint: "Fencing resumes by itself when quorum returns." },
  DOM_IN_USE: { exit: 3, status: 409, hint: "Stop what uses the storage, then leave." },
  DOM_EXPELLED: {
    exit: 3,
    status: 409,
    hint: "This node was expelled: stop what uses the storage or reboot it.",
  },
  DOM_ACK_CONTRADICTED: {
    exit: 3,
    status: 409,
    hint: 'Make sure that the node is off. If you are certain: --contradict "why".',
  },
  DOM_FENCE_SELF: { exit: 3, status: 409, hint: "Run it on another node." },
  DOM_WAIT_TIMEOUT: { exit: 5, status: 504, hint: "See `bouncer why`." },
  CFG_INVALID: { exit: 6, status: 400, hint: "Correct the lines above." },
  CFG_UNREADABLE: { exit: 6, status: 500, hint: "Check the path and its permissions." },
  CFG_NODE_MISSING: { exit: 6, status: 500, hint: "Give the name of this node with --node." },
  CFG_NOT_STAGED: { exit: 3, status: 409, hint: "Stage it first: `bouncer config stage FILE`." },
  CFG_CONFLICT: {
    exit: 3,
    status: 409,
    hint: "Somebody else was faster: look at `bouncer config diff`, then stage yours again.",
  },
  CFG_STALE: {
    exit: 6,
    status: 409,
    hint: "Work on from what is in force: `bouncer config text`; config_version must grow.",
  },
  CFG_FIXED: { exit: 6, status: 409, hint: "Leave that as it is, or stop the whole cluster for it." },
  CFG_BUSY: { exit: 3, status: 409, hint: "Try again when that is over, or let it wait: --wait." },
  CFG_REJECTED: { exit: 6, status: 409, hint: "Correct it, or mend that node, and stage it again." },
  CFG_UNWEIGHED: {
    exit: 3,
    status: 409,
    hint: "Wait a moment; `bouncer config status` tells who is missing.",
  },
  CFG_UNCONFIRMED: {
    exit: 3,
    status: 409,
    hint: "Confirm it first (`bouncer config confirm`), or wait until it went back.",
  },
  CFG_INTERRUPTED: { exit: 3, status: 409, hint: "Look at `bouncer config status`, then activate it again." },
  CFG_UNKNOWN_VERSION: { exit: 2, status: 404, hint: "See `bouncer config history`." },
  CFG_TOO_LARGE: { exit: 6, status: 413, hint: "A configuration must fit into one message of the group." },
  LCK_BUSY: { exit: 5, status: 409, hint: "See `bouncer locks`: somebody holds it." },
  LCK_TIMEOUT: {
    exit: 5,
    status: 504,
    hint: "See `bouncer locks`: it says who holds it, or what holds storage.",
  },
  LCK_CANCELLED: { exit: 5, status: 409, hint: "It was given up; nothing is held." },
  LCK_DEADLOCK: {
    exit: 3,
    status: 409,
    hint: "Give the lock back and take it anew in the mode that you need.",
  },
  LCK_LIMIT: { exit: 3, status: 429, hint: "Give locks back first; limits: docs/locks.md." },
  LCK_UNKNOWN: { exit: 3, status: 409, hint: "It was given back already, or never asked for." },
  LCK_LOST: {
    exit: 3,
    status: 409,
    hint: "Whatever it guarded may be in somebody else's hands: see `bouncer status`.",
  },
  LCK_REFUSED: { exit: 2, status: 400, hint: "See docs/locks.md for what may be said on the locks' socket." },
  CLU_UNAVAILABLE: { exit: 69, status: 503, hint: "Start Corosync: systemctl start corosync." },
  CLU_LOST: {
    exit: 69,
    status: 503,
    hint: "Corosync went away; the others fence this node if it stays silent.",
  },
  JNL_UNREADABLE: { exit: 74, status: 500, hint: "The state directory cannot be used; see the message." },
  JNL_FOREIGN: {
    exit: 73,
    status: 500,
    hint: "It came with a copied machine. Move it away and start again: the others tell this node what was.",
  },
  DMN_RUNNING: {
    exit: 73,
    status: 409,
    hint: "Stop the other bouncerd, or give this one its own --socket and --state-dir.",
  },
  DMN_SOCKET: { exit: 73, status: 500, hint: "Remove what is at that path, or choose another --socket." },
  DMN_BUSY: { exit: 3, status: 503, hint: "Too much is asked at once: try again in a moment." },
  IPC_UNREACHABLE: { exit: 4, status: 503, hint: "Is bouncerd running? systemctl status bouncerd" },
  IPC_BAD_REPLY: { exit: 4, status: 502, hint: "Do the versions of bouncer and bouncerd match?" },
  AGT_NOT_INSTALLED: { exit: 7, status: 500, hint: "Install the agent: apt-get install fence-agents" },
  API_NOT_SIGNED_IN: { exit: 3, status: 401, hint: "Sign in, or make a one-time link: `bouncer console`." },
  API_WRONG_PASSWORD: {
    exit: 3,
    status: 401,
    hint: "Name or password is wrong. Forgotten: `bouncer user passwd`.",
  },
  API_LINK_OVER: {
    exit: 3,
    status: 401,
    hint: "A link works once and not for long. Make another: `bouncer console`.",
  },
  API_FORBIDDEN: {
    exit: 3,
    status: 403,
    hint: "An administrator can give you another role: `bouncer user role`.",
  },
  API_CROSS_SITE: { exit: 3, status: 403, hint: "Use the console's own page, or a token." },
  API_TOO_MANY: { exit: 3, status: 429, hint: "Wait a moment, then try again." },
  API_NAME_UNKNOWN: { exit: 2, status: 404, hint: "See `bouncer user list` and `bouncer token list`." },
  API_NAME_TAKEN: { exit: 3, status: 409, hint: "Take another name, or remove that one first." },
  API_NO_CONSOLE: {
    exit: 4,
    status: 503,
    hint: "Start bouncerd with --listen ADDR:PORT; its log says what keeps the console from running.",
  },
  API_INTERNAL: { exit: 70, status: 500, hint: "A bug. The daemon's log has the details." },
} as const satisfies Record<string, { exit: number; status: number; hint: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** An expected failure that ends a request. Broken invariants are not this: see assert.ts. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, detail: string, options?: { cause?: unknown }) {
    super(`${detail} (${code})`, options);
    this.code = code;
  }

  get hint(): string {
    return ERRORS[this.code].hint;
  }

  get exit(): number {
    return ERRORS[this.code].exit;
  }
}
