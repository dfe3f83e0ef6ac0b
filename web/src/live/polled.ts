/** Something that is asked for every few seconds while somebody looks. */
import { useEffect, useRef, useState } from "react";
import { type Asked, useFetched } from "./ask.ts";

const LOOK_EVERY_MS = 5_000;

/** At once when `news` changes. A look that fails leaves what was known: how old the page is, its banner says. */
export function usePolled<T>(fetch: () => Promise<T>, news: unknown = ""): Asked<T> {
  const [look, setLook] = useState(0);
  useEffect(() => {
    const timer = window.setInterval(() => setLook((old) => old + 1), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const asked = useFetched(fetch, `${look} ${news}`);
  const known = useRef<Asked<T>>(undefined);
  if (asked.type === "done") known.current = asked;
  return known.current ?? asked;
}
