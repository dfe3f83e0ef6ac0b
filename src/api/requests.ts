/** What a caller may send: path parameters, queries and bodies. Unknown keys are refused. */
import { z } from "zod";
import { NodeName, OPERATOR_CHARS_MAX, STATEMENT_CHARS_MAX } from "./words.ts";

/** Units: bytes. A request body above it is refused with 413. */
export const BODY_BYTES_MAX = 16 * 1024;
/** Incidents of one answer of `GET /v1/history`. */
export const HISTORY_LIMIT_MAX = 256;
export const HISTORY_LIMIT_DEFAULT = 20;
/** Units: s. Longest single wait of `GET /v1/wait`; callers that want longer ask again. */
export const WAIT_SECONDS_MAX = 300;
export const WAIT_SECONDS_DEFAULT = 30;

/** Who asks, for the certificate: the login name of the person, or what stands for it. */
export const By = z.string().trim().min(1).max(OPERATOR_CHARS_MAX);

export const NodeParams = z.strictObject({ name: NodeName });

export const NoBody = z.strictObject({});

/** `fence`. */
export const FenceBody = z.strictObject({
  by: By,
  /** Why it has to be although the others lose their quorum by it: for the console's audit record. */
  reason: z.string().trim().min(1).max(STATEMENT_CHARS_MAX).exactOptional(),
});

/** `unfence`, and what settles a configuration. */
export const ByBody = z.strictObject({ by: By });
export type ByBody = z.infer<typeof ByBody>;

export const AckBody = z.strictObject({
  by: By,
  /** How the person knows that the node is off. Kept in the certificate. */
  statement: z.string().trim().min(1).max(STATEMENT_CHARS_MAX),
  /** Why the contradicting evidence is wrong; absent: the request is refused when there is any. */
  contradict: z.string().trim().min(1).max(STATEMENT_CHARS_MAX).exactOptional(),
  /**
   * `firstSeenAt` of the victim that the person looked at; 0: it was none. A node that came back and
   * failed again while the person was looking is another victim: the request is refused.
   */
  firstSeenAt: z.int().min(0).exactOptional(),
});
export type AckBody = z.infer<typeof AckBody>;

export const CheckBody = z.strictObject({
  /** Position of one method, from 0; absent: all methods of the node. */
  method: z.int().min(0).max(255).exactOptional(),
});
export type CheckBody = z.infer<typeof CheckBody>;

/** Numbers of a query arrive as text: digits only, so that `1e9`, ` 5` and `0x10` are refused. */
export function queryInteger(min: number, max: number) {
  return z
    .union([
      z.int(),
      z
        .string()
        .regex(/^[0-9]{1,10}$/, "must be a whole number")
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max));
}

export const HistoryQuery = z.strictObject({
  limit: queryInteger(1, HISTORY_LIMIT_MAX).default(HISTORY_LIMIT_DEFAULT),
  /** Only incidents with a smaller `seq`. */
  before: queryInteger(1, Number.MAX_SAFE_INTEGER).exactOptional(),
});
export type HistoryQuery = z.input<typeof HistoryQuery>;

/**
 * `open`: storage may be used here. `joined`: this node is a member. `left`: it is none.
 * `synced`: the members have compared notes.
 */
export const WaitFor = z.enum(["open", "joined", "left", "synced"]);
export type WaitFor = z.infer<typeof WaitFor>;

export const WaitQuery = z.strictObject({
  for: WaitFor,
  /** Units: s. */
  timeout: queryInteger(0, WAIT_SECONDS_MAX).default(WAIT_SECONDS_DEFAULT),
});
export type WaitQuery = z.input<typeof WaitQuery>;
