/** What a shot would do, before it is fired: the daemon's own core on this configuration, in virtual time. */
import { type JSX, useCallback } from "react";
import type { NodeView, StatusView } from "../../../src/core/view/types.ts";
import type { Fault } from "../../../src/sim/trial/faults.ts";
import { timingOf } from "../../../src/sim/trial/timing.ts";
import { type WhatIf, whatIf } from "../../../src/sim/trial/what-if.ts";
import { useFetched } from "../live/ask.ts";
import { type Steps, useStepwise } from "../live/stepwise.ts";
import { daemon } from "../live/transport.ts";
import { type Played, readConfig } from "../logic/read-config.ts";
import { formatHeld, formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { CommandHint } from "../ui/command.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { StateIcon } from "../ui/state-icon.tsx";

interface Props {
  readonly node: NodeView;
  readonly status: StatusView;
}

export function FencePreview({ node, status }: Props): JSX.Element {
  const t = useText();
  const fetched = useFetched(async () => {
    const { text } = await daemon.configText({ of: "in-force" });
    return readConfig(text);
  }, status.configVersion);
  if (fetched.type === "refused") return <Outcome asked={fetched} />;
  if (fetched.type !== "done") return <p className="dim">{t.empty.loading}</p>;
  if (fetched.value === undefined) return <p className="warn-text">{t.sim.unreadable}</p>;
  const [away, lost] = standingOf(status, node);
  return <Simulated played={fetched.value} node={node} away={away} lost={lost} />;
}

interface SimulatedProps {
  readonly played: Played;
  readonly node: NodeView;
  readonly away: readonly NodeView[];
  readonly lost: readonly NodeView[];
}

function Simulated({ played, node, away, lost }: SimulatedProps): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const key = JSON.stringify([away.map(({ id }) => id), lost.map(({ id }) => id)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the lists, which are new every time.
  const begin = useCallback(() => play({ played, node, away, lost }), [played, node.id, key]);
  const worked = useStepwise(begin);
  const names = (nodes: readonly NodeView[]): string => nodes.map(({ name }) => name).join(",");
  const options = [
    `--fence ${node.name}`,
    ...(away.length === 0 ? [] : [`--away ${names(away)}`]),
    ...(lost.length === 0 ? [] : [`--lose ${names(lost)}`]),
  ];
  return (
    <section className="known" data-testid="simulated">
      <h3>{t.fence.simulated}</h3>
      {worked.type === "working" && <p className="dim">{t.empty.loading}</p>}
      {worked.type === "failed" && <p className="warn-text">{t.config.coverageFailed}</p>}
      {worked.type === "done" && (
        <>
          <Verdict story={worked.value} />
          <ul className="simulated" lang="en">
            {worked.value.lines
              .filter(({ code, atMs }) => atMs >= 0 && code !== "fault" && code !== "act")
              .slice(0, LINES_SHOWN)
              .map((line) => (
                <li key={`${line.atMs}${line.code}${line.text}`}>
                  <span className="dim">{formatTook(line.atMs, language)}</span>
                  <span>
                    {line.nodes.join(", ")} {line.text}
                  </span>
                </li>
              ))}
          </ul>
          <CommandHint command={`bouncer what-if ${options.join(" ")}`} />
        </>
      )}
    </section>
  );
}

/** The first ones: who begins, what is switched, who holds. */
const LINES_SHOWN = 8;

function Verdict({ story: { outcome } }: { readonly story: WhatIf }): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const tone = { "goes-on": "good-text", ends: "held-text", freezes: "bad-text" }[outcome.verdict];
  const shape =
    outcome.verdict === "freezes" ? "warning" : outcome.verdict === "ends" ? "snowflake" : "check";
  return (
    <p className={tone}>
      <StateIcon shape={shape} />
      <strong>{t.sim.verdicts[outcome.verdict](formatHeld(outcome.heldMs, language))}</strong>{" "}
      {outcome.grade !== undefined && t.incidents.grade(outcome.grade)}
    </p>
  );
}

/** Who is not there already, and who is lost: both count when the quorum is taken. */
function standingOf(status: StatusView, target: NodeView): [away: NodeView[], lost: NodeView[]] {
  const others = status.nodes.filter(({ id }) => id !== target.id);
  return [
    others.filter(({ state }) => state === "departed" || state === "absent"),
    others.filter(({ state }) => state === "victim" || state === "suspect" || state === "expelled"),
  ];
}

// One piece of work, begun after the dialog was drawn.
function* play({ played, node, away, lost }: SimulatedProps): Generator<Steps, WhatIf> {
  const { config } = played;
  const faults: readonly Fault[] = [
    ...lost.map(({ id }): Fault => ({ type: "silent", node: id })),
    { type: "fenced", node: node.id },
  ];
  return whatIf(config, faults, { timing: timingOf(config), away: away.map(({ id }) => id) });
}
