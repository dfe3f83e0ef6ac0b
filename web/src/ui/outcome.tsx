/** What became of a request, said where it was asked, also to those who do not see it. */
import type { JSX, ReactNode } from "react";
import type { Asked } from "../live/ask.ts";
import { useText } from "../text/language.ts";

interface Props<T> {
  readonly asked: Asked<T>;
  readonly children?: (value: T) => ReactNode;
}

export function Outcome<T>({ asked, children }: Props<T>): JSX.Element {
  const t = useText();
  return (
    <div className="outcome" role="status" aria-live="polite">
      {asked.type === "asking" && <p className="dim">{t.action.working}</p>}
      {asked.type === "refused" && (
        <p className="refused">
          <strong>{t.action.refused}.</strong>{" "}
          {asked.code === "IPC_UNREACHABLE" ? t.action.unreachable : <span lang="en">{asked.detail}</span>}{" "}
          <code>{asked.code}</code>
        </p>
      )}
      {asked.type === "done" && <div className="done">{children?.(asked.value)}</div>}
    </div>
  );
}
