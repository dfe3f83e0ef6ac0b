import { type ErrorCode, OperationError } from "../core/errors.ts";

/** Waits for `promise`, but not for ever. The work itself goes on; its result is then ignored. */
export async function within<T>(
  limitMs: number,
  promise: Promise<T>,
  code: ErrorCode,
  detail: string,
): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OperationError(code, detail)), limitMs);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
