/** On every other page: a node is lost, and where to look. */
import type { JSX } from "react";
import { hrefOf } from "../live/route.ts";
import { useLive } from "../live/store.ts";
import { useText } from "../text/language.ts";
import { StateIcon } from "../ui/state-icon.tsx";

export function VictimNotice(): JSX.Element | null {
  const t = useText();
  const { status } = useLive();
  if (status === undefined || status.victims.length === 0) return null;
  return (
    <p className="notice">
      <StateIcon shape="plug" />
      <a href={hrefOf("overview")}>
        {status.victims.map((victim) => t.victim.title(victim.name)).join("; ")}
      </a>
    </p>
  );
}
