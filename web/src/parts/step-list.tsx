/** What was done to a victim, step by step, with what runs now and what comes next. */
import type { JSX } from "react";
import type { FenceStep } from "../../../src/core/ledger.ts";
import { formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Clock } from "../ui/instant.tsx";
import { StateIcon } from "../ui/state-icon.tsx";

export function Step({
  step,
  executor,
}: {
  readonly step: FenceStep;
  readonly executor: string;
}): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const isOk = step.result === "ok";
  return (
    <li className={isOk ? "step ok" : "step failed"}>
      <StateIcon shape={isOk ? "check" : "cross"} />
      <div>
        <p>
          <strong>
            {step.device} {step.action}
          </strong>{" "}
          {t.victim.result[step.result] ?? step.result}
          {step.power !== undefined && `, ${t.victim.power(step.power)}`}
        </p>
        <p className="small dim">
          <Clock at={step.at} /> · {formatTook(step.tookMs, language)} · {step.method} ·{" "}
          {t.victim.by(executor)} · {t.victim.attempt(step.attempt)}
        </p>
        {step.text !== "" && !isOk && (
          <p className="small raw" lang="en">
            {step.text}
          </p>
        )}
      </div>
    </li>
  );
}
