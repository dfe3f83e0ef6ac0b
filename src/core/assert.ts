/** A broken promise of our own. Nobody handles it: the daemon writes its flight record and exits 70. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Asserts exactly what could corrupt storage. `invariant` names a paragraph of docs/protocol.md. */
export function assert(condition: boolean, invariant: string, detail: string): asserts condition {
  if (!condition) throw new InvariantViolation(`${invariant}: ${detail}`);
}

/** For `switch` statements that must cover every case. */
export function unreachable(value: never): never {
  throw new InvariantViolation(`unreachable: ${JSON.stringify(value)}`);
}
