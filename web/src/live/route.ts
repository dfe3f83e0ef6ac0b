/** Where the page is: what follows `#`. Works with back, bookmarks and no server. */
import { useSyncExternalStore } from "react";

export interface Place {
  readonly page: string;
  /** What follows: `#/node/tpve02` → `tpve02`. */
  readonly item?: string;
}

export function parsePlace(hash: string): Place {
  const [page = "", item = ""] = hash.replace(/^#\/?/, "").split("/");
  const name = page === "" || page.includes("=") ? "overview" : page;
  return item === "" ? { page: name } : { page: name, item: safeDecode(item) };
}

export function hrefOf(page: string, item?: string): string {
  return item === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(item)}`;
}

export function usePlace(): Place {
  const hash = useSyncExternalStore(
    (listener) => {
      window.addEventListener("hashchange", listener);
      return () => window.removeEventListener("hashchange", listener);
    },
    () => window.location.hash,
  );
  return parsePlace(hash);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
