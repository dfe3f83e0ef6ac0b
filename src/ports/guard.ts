/** Whoever holds storage still while the gate is frozen, and knows what is in use. */
export interface Guard {
  readonly name: string;
  /** Idempotent. Failures are values: they are logged and shown, they stop nothing. */
  freeze(because: readonly string[]): Promise<readonly string[]>;
  thaw(epoch: number): Promise<readonly string[]>;
  /** What this node uses of the shared storage right now, one line each; empty: clean. */
  inUse(): Promise<readonly string[]>;
}
