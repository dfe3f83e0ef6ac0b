/** What a simulated card does wrong in its command line. */
export type SmclpFault =
  | { readonly type: "none" }
  /** Takes connections and says nothing. */
  | { readonly type: "silent" }
  /** Units: ms before each answer. */
  | { readonly type: "slow"; readonly ms: number }
  /** Hangs up instead of the answer number `after`, counted from 0. */
  | { readonly type: "drops"; readonly after: number }
  /** Takes every order and does nothing. */
  | { readonly type: "lies" }
  | { readonly type: "other-password" }
  /** Lets nobody open a shell. */
  | { readonly type: "sessions-full" }
  /** The login may look and not switch. */
  | { readonly type: "no-privilege" }
  /** Its state is this word. */
  | { readonly type: "odd-state"; readonly word: string }
  /** Says this instead of each answer, and then its prompt. */
  | { readonly type: "garbage"; readonly bytes: Uint8Array }
  /** Does not stop to print. */
  | { readonly type: "floods" };
