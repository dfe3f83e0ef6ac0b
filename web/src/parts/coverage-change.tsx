/** What a change does to the failures that may come: every one is played before and after, in this browser. */
import { type JSX, useCallback, useState } from "react";
import { compareRows, type Turned } from "../../../src/sim/trial/compare.ts";
import {
  type CoverageCount,
  type CoverageRow,
  countRows,
  coverStepwise,
} from "../../../src/sim/trial/coverage.ts";
import type { Outcome } from "../../../src/sim/trial/trial.ts";
import { type Steps, useStepwise } from "../live/stepwise.ts";
import type { Played } from "../logic/read-config.ts";
import { formatHeld } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { Progress } from "../ui/progress.tsx";
import { StateIcon } from "../ui/state-icon.tsx";
import { Table } from "../ui/table.tsx";

interface Props {
  readonly before: Played;
  readonly after: Played;
}

type Reach = "singles" | "doubles";

interface Both {
  readonly before: readonly CoverageRow[];
  readonly after: readonly CoverageRow[];
}

/** A larger cluster is played when somebody asks for it. */
const NODES_AT_ONCE_MAX = 16;

export function CoverageChange({ before, after }: Props): JSX.Element {
  const t = useText();
  const isLarge = Math.max(before.config.nodes.length, after.config.nodes.length) > NODES_AT_ONCE_MAX;
  const [reach, setReach] = useState<"none" | Reach>(isLarge ? "none" : "singles");
  return (
    <section className="coverage-change" aria-label={t.config.coverage}>
      <h3>{t.config.coverage}</h3>
      {reach !== "none" && <Compared before={before} after={after} reach={reach} />}
      {reach !== "doubles" && (
        <div className="buttons start">
          <Button onPress={() => setReach(reach === "none" ? "singles" : "doubles")}>
            {reach === "none" ? t.config.coverageAsk : t.config.coverageDoubles}
          </Button>
        </div>
      )}
    </section>
  );
}

function Compared({ before, after, reach }: Props & { readonly reach: Reach }): JSX.Element {
  const t = useText();
  const begin = useCallback(() => coverBoth(before, after, reach), [before, after, reach]);
  const worked = useStepwise(begin);
  if (worked.type === "working") return <Progress label={t.config.coverage} steps={worked.steps} />;
  if (worked.type === "failed") return <p className="warn-text">{t.config.coverageFailed}</p>;
  const both = worked.value;
  const turned = compareRows(both.before, both.after);
  return (
    <>
      <Counts before={countRows(both.before)} after={countRows(both.after)} />
      {turned.length === 0 ? (
        <p className="dim">{t.config.coverageSame}</p>
      ) : (
        <ul className="problems" aria-label={t.config.coverageTurns}>
          {turned.map((one) => (
            <TurnedRow key={one.text} turned={one} />
          ))}
        </ul>
      )}
    </>
  );
}

function* coverBoth(before: Played, after: Played, reach: Reach): Generator<Steps, Both> {
  const rows: (readonly CoverageRow[])[] = [];
  for (const [at, { config, aliases }] of [before, after].entries()) {
    const steps = coverStepwise(config, { aliases, doubles: reach === "doubles" ? "yes" : "no" });
    for (;;) {
      const next = steps.next();
      if (next.done === true) {
        rows.push([...next.value.singles, ...next.value.doubles]);
        break;
      }
      // Both are about as long.
      const { done, all } = next.value;
      yield { done: at * all + done, all: all * 2 };
    }
  }
  const [first = [], second = []] = rows;
  return { before: first, after: second };
}

function Counts({
  before,
  after,
}: {
  readonly before: CoverageCount;
  readonly after: CoverageCount;
}): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const rows: readonly (readonly [string, string | number, string | number, string])[] = [
    [t.config.counts.goOn, before.goOn, after.goOn, "good-text"],
    [t.config.counts.end, before.end, after.end, "held-text"],
    [
      t.config.counts.longest,
      formatHeld(before.heldMsMax, language),
      formatHeld(after.heldMsMax, language),
      "held-text",
    ],
    [t.config.counts.freeze, before.freeze, after.freeze, "bad-text"],
  ];
  return (
    <Table
      label={t.config.coverage}
      columns={[t.config.counts.title, t.config.counts.before, t.config.counts.after]}
      className="counts"
    >
      {rows.map(([title, was, now, tone]) => (
        <tr key={title}>
          <th scope="row">{title}</th>
          <td>{was}</td>
          <td className={was === now ? "" : tone}>{was === now ? now : <strong>{now}</strong>}</td>
        </tr>
      ))}
    </Table>
  );
}

function TurnedRow({ turned: { text, turn, now, was } }: { readonly turned: Turned }): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const words = ({ verdict, heldMs }: Outcome): string =>
    t.sim.verdicts[verdict](formatHeld(heldMs, language));
  return (
    <li className={turn === "better" ? "good-text" : "bad-text"}>
      <StateIcon shape={turn === "better" ? "check" : "warning"} />
      <span>
        <strong>{t.config.turns[turn]}</strong> <span lang="en">{text}</span>: {words(now)}
        {was !== undefined && <span className="dim"> {t.config.untilNow(words(was))}</span>}
      </span>
    </li>
  );
}
