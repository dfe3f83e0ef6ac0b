/** A node that may still be writing: where it stands, since when, what was tried, what ends it. */
import type { JSX } from "react";
import type { StatusView, VictimView } from "../../../src/core/view/types.ts";
import { useServerNow } from "../live/clock.ts";
import { useMay } from "../live/session.ts";
import { formatTimer } from "../text/format.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { Clock, Timer } from "../ui/instant.tsx";
import { StateIcon } from "../ui/state-icon.tsx";
import { NodeLook } from "./node-look.tsx";
import { Step } from "./step-list.tsx";

/** Older steps are on the node's page and in the certificate. */
const STEPS_SHOWN = 6;

interface Props {
  readonly victim: VictimView;
  readonly status: StatusView;
  /** The form outlives this card: when the word was taken, the victim is gone. */
  readonly onAcknowledge: () => void;
}

export function VictimCard({ victim, status, onAcknowledge }: Props): JSX.Element {
  const t = useText();
  const mayAct = useMay("operator");
  const look = victim.stage === "waiting" ? "victim" : victim.stage;
  const nameOf = (id: number): string => status.nodes.find((node) => node.id === id)?.name ?? String(id);
  const shown = victim.steps.slice(-STEPS_SHOWN);
  const hidden = victim.steps.length - shown.length;
  const canAck = victim.stage === "stuck" || victim.attempt > 1;
  return (
    <article
      className={`victim-card stage-${victim.stage}`}
      aria-label={t.victim.title(victim.name)}
      data-testid={`victim-${victim.name}`}
    >
      <header>
        <h2>{t.victim.title(victim.name)}</h2>
        <NodeLook look={look} />
        {victim.firstSeenAt !== undefined && <Timer from={victim.firstSeenAt} />}
      </header>
      <ol className="steps" aria-label={t.victim.steps}>
        <li className="step past">
          <StateIcon shape="dashed" />
          <div>
            <p>
              <strong>{t.victim.lost}</strong>: {t.victim.cause[victim.cause] ?? victim.cause}
            </p>
            {victim.firstSeenAt !== undefined && (
              <p className="small dim">
                <Clock at={victim.firstSeenAt} />
              </p>
            )}
          </div>
        </li>
        {hidden > 0 && <li className="step dim small">{t.victim.earlier(hidden)}</li>}
        {shown.map((step) => (
          <Step
            key={`${step.at}-${step.attempt}-${step.device}-${step.action}`}
            step={step}
            executor={nameOf(step.executor)}
          />
        ))}
        <Present victim={victim} />
        <li className="step future">
          <StateIcon shape="hollow" />
          <p>{t.victim.verified}</p>
        </li>
        <li className="step future">
          <StateIcon shape="lock-open" />
          <p>{t.victim.released}</p>
        </li>
      </ol>
      {victim.evidence.length > 0 && (
        <p className="small">
          <span className="dim">{t.victim.evidence}: </span>
          {victim.evidence.map((one) => `${one.grade}: ${one.source}`).join("; ")}
        </p>
      )}
      {canAck && mayAct && status.quorate && (
        <footer>
          <span className="dim">{t.victim.lastResort}</span>
          <Button onPress={onAcknowledge}>{t.ack.button}</Button>
        </footer>
      )}
    </article>
  );
}

function Present({ victim }: { readonly victim: VictimView }): JSX.Element {
  const t = useText();
  const now = useServerNow();
  const next =
    victim.nextAt !== undefined && victim.nextAt > now
      ? t.victim.nextTry(formatTimer(victim.nextAt - now))
      : "";
  const startedAt = victim.steps.at(-1)?.at ?? victim.firstSeenAt;
  return (
    <li className="step now" aria-current="step">
      <StateIcon shape={victim.stage === "stuck" ? "person" : "plug"} />
      <div>
        <p>
          <strong>{victim.stage === "waiting" ? t.victim.waits : t.state[victim.stage]}</strong>{" "}
          {victim.stage === "fencing" && startedAt !== undefined && <Timer from={startedAt} />} {next}
        </p>
        <p className="small raw" lang="en">
          {victim.stage === "fencing" ? victim.doing : victim.reason}
          {victim.executor !== undefined && victim.stage === "fencing" && ` (${victim.executor})`}
        </p>
      </div>
    </li>
  );
}
