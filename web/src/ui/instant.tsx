/** Times as people want them: how long ago, with the exact instant for whoever hovers. */
import type { JSX } from "react";
import { useServerNow } from "../live/clock.ts";
import { formatAgo, formatClock, formatFull, formatTimer } from "../text/format.ts";
import { useLanguage } from "../text/language.ts";

export function Ago({ at }: { readonly at: number }): JSX.Element {
  const language = useLanguage();
  const now = useServerNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFull(at, language)}>
      {formatAgo(Math.max(0, now - at), language)}
    </time>
  );
}

export function Clock({ at }: { readonly at: number }): JSX.Element {
  const language = useLanguage();
  return (
    <time dateTime={new Date(at).toISOString()} title={formatFull(at, language)}>
      {formatClock(at, language)}
    </time>
  );
}

/** Counts up from an instant. */
export function Timer({ from }: { readonly from: number }): JSX.Element {
  const now = useServerNow();
  return <span className="timer">{formatTimer(now - from)}</span>;
}
