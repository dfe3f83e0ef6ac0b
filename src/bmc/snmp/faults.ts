/** What a simulated power switch does wrong. */
export type SnmpFault =
  | { readonly type: "none" }
  /** Hears and says nothing. */
  | { readonly type: "silent" }
  /** Units: ms before each answer. */
  | { readonly type: "slow"; readonly ms: number }
  /** Loses this many answers, then works. */
  | { readonly type: "loses"; readonly count: number }
  /** Answers each question so often. */
  | { readonly type: "repeats"; readonly times: number }
  /** Goes away in the middle: silent after so many answers. */
  | { readonly type: "drops"; readonly after: number }
  /** Takes every order and does nothing. */
  | { readonly type: "lies" }
  /** The account may look, and not write. */
  | { readonly type: "read-only" }
  /** This state in each outlet, whatever it is: a number that no manual knows. */
  | { readonly type: "odd-state"; readonly value: number }
  /** Sends this instead of each answer. */
  | { readonly type: "garbage"; readonly bytes: Uint8Array }
  /** Each answer with one bit turned over; `at` counts through them. */
  | { readonly type: "bit-rot"; readonly at: number };
