/** Each cause by itself: where it stands, why it holds, what ends it, what a person may do at which risk. */
import type { JSX } from "react";
import type { Cause } from "../../../src/core/view/types.ts";
import { useText } from "../text/language.ts";
import { Command } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";

export function WhyPanel({ causes }: { readonly causes: readonly Cause[] }): JSX.Element | null {
  const t = useText();
  if (causes.length === 0) return null;
  return (
    <Panel title={t.why.title} className="why">
      {causes.map((cause) => (
        <CauseText key={`${cause.code}-${cause.node ?? ""}`} cause={cause} />
      ))}
    </Panel>
  );
}

function CauseText({ cause }: { readonly cause: Cause }): JSX.Element {
  const t = useText();
  const own = t.why.translate(cause);
  return (
    <div className="cause">
      {cause.node !== undefined && <h3>{cause.node}</h3>}
      <dl className="pairs">
        <dt>{t.why.stands}</dt>
        <dd lang="en">{cause.step}</dd>
        <dt>{t.why.reason}</dt>
        <dd lang={own === undefined ? "en" : undefined}>{own?.reason ?? cause.reason}</dd>
        <dt>{t.why.ends}</dt>
        <dd lang={own === undefined ? "en" : undefined}>{own?.ends ?? cause.endsWhen}</dd>
        {cause.actions.length > 0 && (
          <>
            <dt>{t.why.actions}</dt>
            <dd>
              {cause.actions.map((action) => (
                <div key={action.command}>
                  <Command command={action.command} />
                  <p className="small dim" lang="en">
                    {t.why.risk}: {action.risk}
                  </p>
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
      {own !== undefined && (
        <details className="small dim">
          <summary>{t.why.original}</summary>
          <p lang="en">
            {cause.reason}. {cause.endsWhen}.
          </p>
        </details>
      )}
    </div>
  );
}
