/** From untrusted input to typed values, and from whatever was thrown to an answer. */
import { z } from "zod";
import { type ErrorCode, OperationError } from "../../core/errors.ts";

/** Units: characters of a complaint about an input. */
const COMPLAINT_CHARS_MAX = 500;

/** Untrusted input becomes typed values here or nowhere. Errors: `REQ_INVALID`. */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const text = z.prettifyError(result.error).replaceAll(/\s*\n\s*/g, " ");
  throw new OperationError("REQ_INVALID", text.slice(0, COMPLAINT_CHARS_MAX));
}

/** The answer to a request that failed; absent: a bug, which is for the log and not for the caller. */
export function refusalOf(
  error: Error & { readonly statusCode?: number },
  bytesMax: number,
): { readonly code: ErrorCode; readonly detail: string } | undefined {
  if (error instanceof OperationError) {
    return { code: error.code, detail: error.message.replace(` (${error.code})`, "") };
  }
  const status = error.statusCode ?? 500;
  if (status === 413) return { code: "REQ_TOO_LARGE", detail: `the body is longer than ${bytesMax} bytes` };
  return status < 500 ? { code: "REQ_INVALID", detail: error.message } : undefined;
}
