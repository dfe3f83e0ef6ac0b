import { EXCHANGE_BYTES_MAX, EXCHANGE_DOCUMENTS_MAX } from "./limits.ts";

/** What came in: documents that are complete, or that there is more than can be right. */
export type Split =
  | { readonly ok: true; readonly documents: readonly string[] }
  | { readonly ok: false; readonly problem: string };

export interface Splitter {
  push(chunk: Uint8Array): Split;
  /** Begins to count anew; what has come of a document stays. */
  nextExchange(): void;
}

const DOCUMENT_END = "</RIBCL>";

/** Cuts the stream of a device behind each `</RIBCL>`. */
export function createSplitter(): Splitter {
  let pending = "";
  let bytes = 0;
  let count = 0;
  const tooMuch = (problem: string): Split => ({ ok: false, problem });
  return {
    push(chunk) {
      bytes += chunk.length;
      if (bytes > EXCHANGE_BYTES_MAX)
        return tooMuch(`sends more than ${EXCHANGE_BYTES_MAX} bytes for one request`);
      const searchFrom = Math.max(0, pending.length - DOCUMENT_END.length);
      pending += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
      const documents: string[] = [];
      const upper = pending.toUpperCase();
      let from = 0;
      for (
        let end = upper.indexOf(DOCUMENT_END, searchFrom);
        end >= 0;
        end = upper.indexOf(DOCUMENT_END, from)
      ) {
        documents.push(pending.slice(from, end + DOCUMENT_END.length));
        from = end + DOCUMENT_END.length;
      }
      pending = pending.slice(from);
      count += documents.length;
      if (count > EXCHANGE_DOCUMENTS_MAX)
        return tooMuch(`sends more than ${EXCHANGE_DOCUMENTS_MAX} answers to one request`);
      return { ok: true, documents };
    },
    nextExchange() {
      bytes = 0;
      count = 0;
    },
  };
}
