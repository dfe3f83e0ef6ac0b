/** A story in virtual time, with the time under a slider: who holds, who writes, what happens next. */
import { type JSX, useState } from "react";
import type { ClusterConfig } from "../../../src/core/config.ts";
import type { WhatIf } from "../../../src/sim/trial/what-if.ts";
import { formatHeld, formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Panel } from "../ui/fields.tsx";
import { StateIcon } from "../ui/state-icon.tsx";

interface Props {
  readonly config: ClusterConfig;
  readonly story: WhatIf;
}

export function PlayedStory({ config, story }: Props): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const last = Math.max(0, ...story.lines.map((line) => line.atMs));
  const [wanted, setWanted] = useState<number>();
  const at = Math.min(wanted ?? last, last);
  const { outcome } = story;
  const tone = { "goes-on": "good-text", ends: "held-text", freezes: "bad-text" }[outcome.verdict];
  return (
    <Panel title={t.sim.outcome}>
      <p className={tone} role="status">
        <StateIcon
          shape={
            outcome.verdict === "freezes" ? "warning" : outcome.verdict === "ends" ? "snowflake" : "check"
          }
        />
        <strong>{t.sim.verdicts[outcome.verdict](formatHeld(outcome.heldMs, language))}</strong>
      </p>
      <label className="time-slider">
        {t.sim.time}: {formatTook(Math.max(0, at), language)}
        <input
          type="range"
          min={0}
          max={Math.max(1, Math.ceil(last))}
          value={Math.max(0, at)}
          onChange={(event) => setWanted(Number(event.target.value))}
        />
      </label>
      <p>
        {watchersOf(config, story, at).map((name) => (
          <span key={name} className={`chip ${stateAt(story, name, at)}`}>
            <StateIcon shape={stateAt(story, name, at) === "held" ? "snowflake" : "lock-open"} />
            {name}
          </span>
        ))}
      </p>
      <ol className="story" lang="en">
        {story.lines.map((line) => (
          <li
            key={`${line.atMs}${line.code}${line.text}${line.nodes.join()}`}
            className={line.atMs > at ? "later" : ""}
          >
            <span className="dim">{formatTook(line.atMs, language)}</span>{" "}
            <strong>{line.nodes.join(", ")}</strong> {line.text}
          </li>
        ))}
      </ol>
      <h3>{t.sim.end}</h3>
      <ul className="plain" lang="en">
        {story.end.map(({ node, writes, text }) => (
          <li key={node} className={writes ? "good-text" : "dim"}>
            {node}: {text}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Nodes whose gate has said something until then: a node that is silent says nothing. */
function watchersOf(config: ClusterConfig, { lines }: WhatIf, at: number): string[] {
  const said = lines.filter((line) => line.atMs <= at && (line.code === "held" || line.code === "released"));
  return config.nodes
    .map(({ name }) => name)
    .filter((name) => said.some((line) => line.nodes.includes(name)));
}

/** Held or not, by the last word of the node's gate until then. */
function stateAt({ lines }: WhatIf, name: string, at: number): "held" | "open" {
  const last = lines.findLast(
    (line) =>
      line.atMs <= at && line.nodes.includes(name) && (line.code === "held" || line.code === "released"),
  );
  return last?.code === "held" ? "held" : "open";
}
