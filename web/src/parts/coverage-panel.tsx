/** Which failures end by themselves, and which freeze storage until a person acts. Played a few at a time. */
import { type JSX, useEffect, useState } from "react";
import { type Coverage, type CoverageRow, coverStepwise } from "../../../src/sim/trial/coverage.ts";
import type { Played } from "../logic/read-config.ts";
import { formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";
import { Scroll } from "../ui/scroll.tsx";

/** Units: ms of work before the page may draw. */
const SLICE_MS = 30;

export function CoveragePanel({ played }: { readonly played: Played }): JSX.Element {
  const t = useText();
  const [progress, setProgress] = useState({ done: 0, all: 1 });
  const [coverage, setCoverage] = useState<Coverage>();
  useEffect(() => {
    const steps = coverStepwise(played.config, { aliases: played.aliases });
    let timer = window.setTimeout(function work() {
      const until = performance.now() + SLICE_MS;
      for (;;) {
        const next = steps.next();
        if (next.done === true) return setCoverage(next.value);
        if (performance.now() < until) continue;
        setProgress(next.value);
        timer = window.setTimeout(work);
        return;
      }
    });
    return () => clearTimeout(timer);
  }, [played]);
  return (
    <Panel title={t.sim.coverage}>
      {coverage === undefined ? (
        <p role="status">
          <progress value={progress.done} max={progress.all} aria-label={t.sim.coverage} /> {progress.done}/
          {progress.all}
        </p>
      ) : (
        <>
          <Rows title={t.sim.singles} rows={coverage.singles} />
          <Rows
            title={t.sim.doubles}
            rows={coverage.doubles.filter(({ outcome }) => outcome.verdict === "freezes")}
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
                {t.sim.verdicts[outcome.verdict](formatTook(outcome.heldMs, language))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
