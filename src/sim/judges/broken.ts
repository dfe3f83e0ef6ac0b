/** How a judge says that a promise did not hold. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
}

export function broken(promise: string, detail: string): never {
  throw new BrokenPromise(`${promise}: ${detail}`);
}
