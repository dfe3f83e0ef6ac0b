/** One closed incident: evidence, steps, and the chain of hashes. Can be kept and printed. */
import type { JSX } from "react";
import type { Incident } from "../../../src/core/ledger.ts";
import { useFetched } from "../live/ask.ts";
import { hrefOf } from "../live/route.ts";
import { useLive } from "../live/store.ts";
import { daemon } from "../live/transport.ts";
import { bestGrade } from "../parts/incident-table.tsx";
import { Step } from "../parts/step-list.tsx";
import { formatFull, formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";

export function Certificate({ seq }: { readonly seq: string }): JSX.Element | null {
  const t = useText();
  const number = Number(seq);
  const isNumber = Number.isSafeInteger(number) && number > 0;
  const history = useFetched(
    async () => (isNumber ? (await daemon.history({ limit: 1, before: number + 1 })).incidents : []),
    seq,
  );
  const incident = history.type === "done" ? history.value.find((one) => one.seq === number) : undefined;
  if (history.type === "asking") return <p className="dim">{t.empty.loading}</p>;
  return (
    <>
      <p>
        <a href={hrefOf("incidents")}>← {t.incidents.back}</a>
      </p>
      {incident === undefined ? <p>{t.incidents.notThere(seq)}</p> : <Paper incident={incident} />}
    </>
  );
}

function Paper({ incident }: { readonly incident: Incident }): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const { status } = useLive();
  const nameOf = (id: number | undefined): string =>
    status?.nodes.find((node) => node.id === id)?.name ?? String(id ?? "");
  const grade = bestGrade(incident);
  return (
    <Panel
      title={`${t.incidents.certificate(incident.seq)}: ${incident.name}`}
      className="certificate"
      aside={
        <span className={`grade grade-${grade}`} title={t.incidents.grades[grade]}>
          {grade}
        </span>
      }
    >
      <p>
        {t.incidents.hows[incident.how] ?? incident.how}.{" "}
        {grade in t.incidents.grades && `${t.incidents.grades[grade]}.`}
      </p>
      <dl className="pairs">
        <dt>{t.incidents.cause}</dt>
        <dd>{t.victim.cause[incident.cause] ?? incident.cause}</dd>
        <dt>{t.incidents.lostAt}</dt>
        <dd>{formatFull(incident.firstSeenAt, language)}</dd>
        <dt>{t.incidents.took}</dt>
        <dd>{formatTook(incident.doneAt - incident.firstSeenAt, language)}</dd>
        <dt>{t.incidents.attempts}</dt>
        <dd>{incident.attempts}</dd>
        <dt>{t.incidents.configuration}</dt>
        <dd>{incident.configVersion}</dd>
        <dt>{t.incidents.epoch}</dt>
        <dd>{incident.epoch}</dd>
      </dl>
      <h3>{t.incidents.evidence}</h3>
      {incident.evidence.length === 0 && <p className="dim">{t.incidents.noEvidence}</p>}
      <ul className="evidence">
        {incident.evidence.map((one) => (
          <li key={`${one.at}${one.source}`}>
            <span className={`grade grade-${one.grade}`}>{one.grade}</span>
            <div>
              <span lang="en">{one.source}</span>
              <p className="small dim">
                {formatFull(one.at, language)} · {t.victim.by(nameOf(one.by))}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <h3>{t.incidents.steps}</h3>
      {incident.steps.length === 0 && <p className="dim">{t.incidents.noSteps}</p>}
      <ol className="steps">
        {incident.steps.map((step) => (
          <Step
            key={`${step.at}${step.attempt}${step.device}${step.action}`}
            step={step}
            executor={nameOf(step.executor)}
          />
        ))}
      </ol>
      <dl className="pairs small">
        <dt>{t.incidents.hash}</dt>
        <dd>
          <code className="hash">{incident.hash}</code>
        </dd>
        <dt>{t.incidents.previous}</dt>
        <dd>
          {incident.previousHash === "" ? (
            <span className="dim">{t.incidents.first}</span>
          ) : (
            <code className="hash">{incident.previousHash}</code>
          )}
        </dd>
      </dl>
      <CommandHint command={`bouncer history ${incident.seq}`} />
      <div className="buttons start no-print">
        <Button onPress={() => save(incident)}>{t.incidents.export}</Button>
        <Button onPress={() => window.print()}>{t.incidents.print}</Button>
      </div>
    </Panel>
  );
}

function save(incident: Incident): void {
  const text = `${JSON.stringify(incident, null, 2)}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `bouncer-certificate-${incident.seq}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
