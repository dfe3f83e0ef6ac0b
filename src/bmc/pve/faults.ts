/** What a simulated Proxmox VE does wrong. */
export type PveFault =
  | { readonly type: "none" }
  /** Takes requests and says nothing. */
  | { readonly type: "silent" }
  /** Units: ms before each answer. */
  | { readonly type: "slow"; readonly ms: number }
  /** Hangs up in the middle of each answer. */
  | { readonly type: "drops" }
  /** Accepts every order and does nothing. */
  | { readonly type: "lies" }
  | { readonly type: "other-password" }
  /** The login may look and not switch. */
  | { readonly type: "no-privilege" }
  /** The machine is stopped and its process waits: it may go on. */
  | { readonly type: "paused" }
  /** The machine is stopped, and its memory is on the disk for its next start. */
  | { readonly type: "suspended" }
  /** The host of the machine does not answer the others. */
  | { readonly type: "host-gone" }
  | { readonly type: "garbage"; readonly status: number; readonly body: string };
