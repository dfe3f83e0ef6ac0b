/** What a node holds of the cluster's locks: what stops there when it is cut off. */
import type { JSX } from "react";
import { useFetched } from "../live/ask.ts";
import { daemon } from "../live/transport.ts";
import { heldBy } from "../logic/lock-rows.ts";
import { useText } from "../text/language.ts";

const SHOWN_MAX = 8;

export function NodeWork({ name }: { readonly name: string }): JSX.Element | null {
  const t = useText();
  const fetched = useFetched(() => daemon.locks(), name);
  if (fetched.type !== "done") return null;
  const held = heldBy(fetched.value, name);
  if (held.length === 0) return <li>{t.fence.holdsNothing(name)}</li>;
  const shown = held.slice(0, SHOWN_MAX).map(({ resource, owner }) => `${resource} (${owner})`);
  return (
    <li>
      {t.fence.holds(held.length)} {shown.join(", ")}
      {held.length > SHOWN_MAX && " …"}
    </li>
  );
}
