/** Says in red what the page cannot know. */
import type { JSX } from "react";
import { useAge, useServerNow } from "../live/clock.ts";
import { useLive } from "../live/store.ts";
import { formatClock, formatTimer } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { StateIcon } from "../ui/state-icon.tsx";

export function StaleBanner(): JSX.Element | null {
  const t = useText();
  const language = useLanguage();
  const now = useServerNow();
  const { status, daemon, freshAt, connected } = useLive();
  const { freshness, ageMs } = useAge();
  if (status === undefined) return null;
  const lines: string[] = [];
  if (connected && daemon === "lost")
    lines.push(t.live.daemonLost(status.node, formatClock(freshAt, language)));
  else if (freshness === "stale") lines.push(t.live.stale(formatClock(now - ageMs, language)));
  else if (freshness === "late") lines.push(t.live.late(formatTimer(ageMs)));
  if (status.joined && !status.quorate) lines.push(t.live.minority);
  if (!status.joined) lines.push(t.live.outside);
  if (lines.length === 0) return null;
  return (
    <div className="banner" role="alert" data-testid="banner">
      <StateIcon shape="warning" />
      <div>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  );
}
