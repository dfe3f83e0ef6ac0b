/** What a simulated controller does wrong. */
export type RedfishFault =
  | { readonly type: "none" }
  /** Takes requests and says nothing. */
  | { readonly type: "silent" }
  /** Units: ms before each answer. */
  | { readonly type: "slow"; readonly ms: number }
  /** Hangs up in the middle of each answer. */
  | { readonly type: "drops" }
  /** Accepts every order and does nothing. */
  | { readonly type: "lies" }
  /** The login may read and not switch. */
  | { readonly type: "no-privilege" }
  /** Has another password now. */
  | { readonly type: "other-password" }
  /** Has no session left; basic authentication needs none. */
  | { readonly type: "sessions-full" }
  /** Takes sessions only. */
  | { readonly type: "no-basic" }
  /** Not ready after a restart of its own. */
  | { readonly type: "busy" }
  /** Answers every request with this. */
  | { readonly type: "garbage"; readonly status: number; readonly body: string };
