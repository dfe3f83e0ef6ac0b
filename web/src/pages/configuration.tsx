/** The life of cluster.conf: what is in force, the text with its problems, what a change means, who agrees. */
import "../style/config.css";
import { type JSX, useState } from "react";
import { useFetched } from "../live/ask.ts";
import { useMay } from "../live/session.ts";
import { useLive } from "../live/store.ts";
import { daemon } from "../live/transport.ts";
import { ConfigEditor } from "../parts/config-editor.tsx";
import { ConfigStaged } from "../parts/config-staged.tsx";
import { ConfigVersions } from "../parts/config-versions.tsx";
import { formatDay } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";

export function Configuration(): JSX.Element | null {
  const t = useText();
  const language = useLanguage();
  const { status, lines } = useLive();
  const [changes, setChanges] = useState(0);
  const mayChange = useMay("admin");
  // The daemon tells of every step of a configuration in its story.
  const told = lines.findLast((line) => line.code.startsWith("config"))?.id;
  const config = useFetched(() => daemon.config(), `${status?.epoch} ${told} ${changes}`);
  if (config.type === "refused") return <Outcome asked={config} />;
  if (config.type !== "done" || status === undefined) return <p className="dim">{t.empty.loading}</p>;
  const { inForce, file } = config.value;
  const onChanged = (): void => setChanges((old) => old + 1);
  return (
    <>
      <Panel title={t.config.inForce(inForce.version)}>
        <dl className="pairs">
          <dt>{t.config.activated}</dt>
          <dd>
            {formatDay(inForce.at, language)}
            {inForce.by !== "" && `, ${inForce.by}`}
            {inForce.comment !== "" && `: ${inForce.comment}`}
          </dd>
          <dt>{t.config.everywhere}</dt>
          <dd>
            {status.nodes.map((node) => (
              <span key={node.id} className="chip">
                {node.name} {node.configVersion ?? "?"}
              </span>
            ))}
          </dd>
          <dt>{t.config.file}</dt>
          <dd>
            <code>{file.path}</code> {t.config.states[file.state] ?? file.state}
          </dd>
        </dl>
      </Panel>
      <ConfigStaged config={config.value} mayChange={mayChange} onChanged={onChanged} />
      <ConfigEditor version={inForce.version} mayChange={mayChange} onStaged={onChanged} />
      <ConfigVersions current={inForce.version} mayChange={mayChange} onStaged={onChanged} />
    </>
  );
}
