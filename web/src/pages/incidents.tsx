/** What happened, and how we know. */
import { type JSX, useState } from "react";
import { useFetched } from "../live/ask.ts";
import { useLive } from "../live/store.ts";
import { daemon } from "../live/transport.ts";
import { IncidentTable } from "../parts/incident-table.tsx";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { Certificate } from "./certificate.tsx";

const PAGE = 25;

export function Incidents({ item }: { readonly item: string | undefined }): JSX.Element | null {
  return item === undefined ? <IncidentList /> : <Certificate seq={item} />;
}

function IncidentList(): JSX.Element | null {
  const t = useText();
  const { status } = useLive();
  const [limit, setLimit] = useState(PAGE);
  const newest = status?.nodes.map((node) => node.lastFenced?.seq ?? 0).join();
  const history = useFetched(() => daemon.history({ limit }), `${newest} ${limit}`);
  if (status === undefined) return null;
  const incidents = history.type === "done" ? history.value.incidents : [];
  return (
    <Panel title={t.incidents.title}>
      {history.type === "refused" && <Outcome asked={history} />}
      {history.type === "done" && incidents.length === 0 && <p className="dim">{t.incidents.none}</p>}
      {incidents.length > 0 && <IncidentTable incidents={incidents} status={status} />}
      {history.type === "done" && history.value.next !== undefined && limit < 250 && (
        <div className="buttons start">
          <Button onPress={() => setLimit((old) => Math.min(250, old + PAGE * 2))}>{t.incidents.more}</Button>
        </div>
      )}
    </Panel>
  );
}
