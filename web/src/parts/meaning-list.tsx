/** What a change of the configuration means, one sentence each, the grave ones first to be seen. */
import type { JSX } from "react";
import type { ConfigDiffReply } from "../../../src/api/config.ts";
import { useText } from "../text/language.ts";
import { type Shape, StateIcon } from "../ui/state-icon.tsx";

type Change = ConfigDiffReply["changes"][number];

const SHAPES: Readonly<Record<Change["weight"], Shape>> = {
  better: "check",
  frozen: "warning",
  plain: "hollow",
  watch: "warning",
};

export function MeaningList({ changes }: { readonly changes: readonly Change[] }): JSX.Element {
  const t = useText();
  if (changes.length === 0) return <p className="dim">{t.config.meansNothing}</p>;
  return (
    <ul className="problems" lang="en" aria-label={t.config.means}>
      {changes.map(({ text, weight, effect }) => (
        <li key={text} className={`weight-${weight}`}>
          <StateIcon shape={SHAPES[weight]} />
          <span>
            {text}
            {effect !== undefined && <span className="dim"> {effect}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
