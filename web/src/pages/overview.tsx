/** The first screen: may I write, who is in which state, what is being done, what happened. */
import { type JSX, useState } from "react";
import { useFetched } from "../live/ask.ts";
import { useServerNow } from "../live/clock.ts";
import { useReadiness } from "../live/readiness.ts";
import { useLive } from "../live/store.ts";
import { daemon } from "../live/transport.ts";
import { lanesOf } from "../logic/timeline.ts";
import { AckDialog } from "../parts/ack-dialog.tsx";
import { LocksPanel } from "../parts/locks-panel.tsx";
import { NodeCard } from "../parts/node-card.tsx";
import { StoragePanel } from "../parts/storage-panel.tsx";
import { Timeline } from "../parts/timeline.tsx";
import { VictimCard } from "../parts/victim-card.tsx";
import { VolumesPanel } from "../parts/volumes-panel.tsx";
import { WhyPanel } from "../parts/why-panel.tsx";
import { useText } from "../text/language.ts";
import { Panel } from "../ui/fields.tsx";

/** Incidents of the last hour are hardly more. */
const INCIDENTS = 50;

export function Overview(): JSX.Element | null {
  const t = useText();
  const { status, lines } = useLive();
  const now = useServerNow();
  const readiness = useReadiness();
  const predictions = readiness.type === "done" ? readiness.value.nodes : [];
  const [acking, setAcking] = useState<string>();
  const newest = Math.max(0, ...(status?.nodes.map((node) => node.lastFenced?.seq ?? 0) ?? []));
  const history = useFetched(() => daemon.history({ limit: INCIDENTS }), newest);
  if (status === undefined) return null;
  const news = `${status.epoch} ${status.gate} ${status.inUse.length}`;
  const incidents = history.type === "done" ? history.value.incidents : [];
  return (
    <>
      <div className="victims">
        {status.victims.map((victim) => (
          <VictimCard
            key={victim.id}
            victim={victim}
            status={status}
            onAcknowledge={() => setAcking(victim.name)}
          />
        ))}
      </div>
      {acking !== undefined && <AckDialog name={acking} onClose={() => setAcking(undefined)} />}
      <section aria-label={t.nav.nodes} className="node-row">
        {status.nodes.map((node) => (
          <NodeCard
            key={node.id}
            node={node}
            status={status}
            prediction={predictions.find((one) => one.node === node.name)?.prediction}
          />
        ))}
      </section>
      <div className="two">
        <WhyPanel
          causes={status.why.filter((cause) => cause.code !== "victim" || status.victims.length > 0)}
        />
        <StoragePanel status={status} />
      </div>
      <VolumesPanel news={news} />
      <LocksPanel news={news} />
      <Timeline lanes={lanesOf({ status, incidents, lines, now })} now={now} />
      {status.warnings.length > 0 && (
        <Panel title={t.warnings} className="warnings">
          <ul>
            {status.warnings.map((warning) => (
              <li key={warning} lang="en">
                {warning}
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
