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
  /** What has come of a document, in pieces: joining them at each would take time by their square. */
  let pieces: string[] = [];
  /** The end of the pieces, as long as a part of the mark can be. */
  let tail = "";
  let bytes = 0;
  let count = 0;
  const tooMuch = (what: string): Split => ({
    ok: false,
    problem: `sends more than ${what} for one request`,
  });
  return {
    push(chunk) {
      bytes += chunk.length;
      if (bytes > EXCHANGE_BYTES_MAX) return tooMuch(`${EXCHANGE_BYTES_MAX} bytes`);
      const documents: string[] = [];
      let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
      for (;;) {
        const at = (tail + rest).toUpperCase().indexOf(DOCUMENT_END);
        if (at < 0) break;
        const end = at + DOCUMENT_END.length - tail.length;
        documents.push([...pieces, rest.slice(0, end)].join(""));
        rest = rest.slice(end);
        [pieces, tail] = [[], ""];
        if (count + documents.length > EXCHANGE_DOCUMENTS_MAX) {
          return tooMuch(`${EXCHANGE_DOCUMENTS_MAX} answers`);
        }
      }
      pieces.push(rest);
      tail = (tail + rest).slice(1 - DOCUMENT_END.length);
      count += documents.length;
      return { ok: true, documents };
    },
    nextExchange() {
      bytes = 0;
      count = 0;
    },
  };
}
