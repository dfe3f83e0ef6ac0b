/** What a simulated card does wrong. Absent: nothing. */
export type RibclFault =
  | { readonly type: "none" }
  /** Accepts connections and says nothing. */
  | { readonly type: "silent" }
  /** Units: ms before each document. */
  | { readonly type: "slow"; readonly ms: number }
  /** Hangs up after so many documents of a connection; `0`: at once. */
  | { readonly type: "drops"; readonly after: number }
  /** Takes every order with "No error" and does nothing. */
  | { readonly type: "lies" }
  /** Refuses the login. `open`: it says nothing more, but holds the connection. */
  | { readonly type: "refuses-login"; readonly connection: "closed" | "open" }
  /** Has never heard of this command. */
  | { readonly type: "knows-not"; readonly command: string }
  /** The login is right and may not switch. */
  | { readonly type: "no-privilege" }
  /** Sends this instead of every document from the `from`th on. */
  | { readonly type: "garbage"; readonly bytes: Uint8Array; readonly from: number };
