/** What the cluster knows about a victim, and what of it contradicts a person's word. */
import type { JSX } from "react";
import type { StatusView, VictimView } from "../../../src/core/view/types.ts";
import { type Contradiction, contradictionsOf } from "../logic/contradictions.ts";
import { useText } from "../text/language.ts";
import { Ago } from "../ui/instant.tsx";
import { StateIcon } from "../ui/state-icon.tsx";

interface Facts {
  readonly contradictions: readonly Contradiction[];
  readonly victim: VictimView;
}

export function Known({ known, name }: { readonly known: Facts; readonly name: string }): JSX.Element {
  const t = useText();
  const { contradictions, victim } = known;
  const reads = victim.steps.filter((step) => step.power !== undefined).slice(-4);
  return (
    <section className="known">
      <h3>{t.ack.known}</h3>
      {reads.length === 0 && victim.evidence.length === 0 ? (
        <p className="dim">{t.ack.nothingKnown}</p>
      ) : (
        <ul className="plain">
          {reads.map((step) => (
            <li key={`${step.at}${step.device}`}>
              {step.device}: {t.victim.power(step.power ?? "unknown")}, <Ago at={step.at} />
            </li>
          ))}
          {victim.evidence.map((one) => (
            <li key={`${one.at}${one.source}`}>
              {t.incidents.grade(one.grade)}: <span lang="en">{one.source}</span>
            </li>
          ))}
        </ul>
      )}
      {contradictions.length > 0 && (
        <div className="contradiction" role="alert">
          <StateIcon shape="warning" />
          <div>
            <h3>{t.ack.contradiction}</h3>
            {contradictions.map((one) => (
              <p key={one.type}>
                {one.type === "speaks" ? t.ack.speaks(name) : <ReadOn device={one.device} at={one.at} />}
              </p>
            ))}
            <p>{t.ack.blocked}</p>
          </div>
        </div>
      )}
    </section>
  );
}

function ReadOn({ device, at }: { readonly device: string; readonly at: number }): JSX.Element {
  const t = useText();
  return (
    <>
      {t.ack.readOn(device, "")} <Ago at={at} />
    </>
  );
}

export function knownOf(status: StatusView, victim: VictimView, now: number): Facts {
  return { contradictions: contradictionsOf(status, victim, now), victim };
}
