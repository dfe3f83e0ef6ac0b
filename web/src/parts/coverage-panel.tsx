/** Which failures end by themselves, and which freeze storage until a person acts. Played a few at a time. */
import { type JSX, useCallback } from "react";
import { type CoverageRow, coverStepwise } from "../../../src/sim/trial/coverage.ts";
import { useStepwise } from "../live/stepwise.ts";
import type { Played } from "../logic/read-config.ts";
import { formatHeld } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";
import { Progress } from "../ui/progress.tsx";
import { Scroll } from "../ui/scroll.tsx";

export function CoveragePanel({ played }: { readonly played: Played }): JSX.Element {
  const t = useText();
  const begin = useCallback(() => coverStepwise(played.config, { aliases: played.aliases }), [played]);
  const worked = useStepwise(begin);
  return (
    <Panel title={t.sim.coverage}>
      {worked.type === "working" && <Progress label={t.sim.coverage} steps={worked.steps} />}
      {worked.type === "failed" && <p className="warn-text">{t.config.coverageFailed}</p>}
      {worked.type === "done" && (
        <>
          <Rows title={t.sim.singles} rows={worked.value.singles} />
          <Rows
            title={t.sim.doubles}
            rows={worked.value.doubles.filter(({ outcome }) => outcome.verdict === "freezes")}
          />
        </>
      )}
      <CommandHint command="bouncer coverage" />
    </Panel>
  );
}

function Rows({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly CoverageRow[];
}): JSX.Element {
  const t = useText();
  const language = useLanguage();
  return (
    <Scroll label={title}>
      <h3>{title}</h3>
      {rows.length === 0 && <p className="good-text">{t.sim.none}</p>}
      <table aria-label={title}>
        <tbody>
          {rows.map(({ text, outcome }) => (
            <tr key={text}>
              <th scope="row" lang="en">
                {text}
              </th>
              <td
                className={
                  { "goes-on": "good-text", ends: "held-text", freezes: "bad-text" }[outcome.verdict]
                }
              >
                {t.sim.verdicts[outcome.verdict](formatHeld(outcome.heldMs, language))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
