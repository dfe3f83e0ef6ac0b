/** Beside the verdict: which cluster, which configuration, which quorum, who answered, how old. */
import type { JSX } from "react";
import type { StatusView } from "../../../src/core/view/types.ts";
import { useAge } from "../live/clock.ts";
import { formatTimer } from "../text/format.ts";
import { useText } from "../text/language.ts";

export function FactLine({ status }: { readonly status: StatusView }): JSX.Element {
  const t = useText();
  const versions = new Set(status.nodes.flatMap((node) => node.configVersion ?? []));
  const facts: readonly (readonly [string, string, boolean])[] = [
    [t.facts.cluster, status.cluster, false],
    [t.facts.quorum, status.quorate ? t.facts.quorate : t.facts.inquorate, !status.quorate],
    ["", t.facts.members(status.domain.memberCount, status.nodes.length), false],
    [t.facts.epoch, String(status.epoch), false],
    [
      t.facts.config,
      versions.size > 1
        ? `${t.facts.configValue(status.configVersion)}, ${t.facts.configDiffers}`
        : t.facts.configValue(status.configVersion),
      versions.size > 1,
    ],
    [t.facts.demand, status.evidenceDemand, false],
  ];
  return (
    <dl className="facts" aria-label={t.facts.label}>
      {facts.map(([name, value, isWrong]) => (
        <div key={`${name}${value}`} className={isWrong ? "wrong" : ""}>
          {name !== "" && <dt>{name}</dt>}
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Always there: a frozen page that looks healthy is the worst lie. */
export function AgeBadge({ node }: { readonly node: string }): JSX.Element {
  const t = useText();
  const { freshness, ageMs } = useAge();
  const text = freshness === "fresh" ? t.live.fresh : t.live.age(formatTimer(ageMs));
  return (
    <span className={`age age-${freshness}`} data-testid="age">
      <span className="pulse" aria-hidden="true" />
      {text} · {t.live.answeredBy} {node}
    </span>
  );
}
