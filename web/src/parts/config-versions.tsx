/** What was in force before, and the way back: an old version is staged like a new one. */
import type { JSX } from "react";
import { useAsk, useFetched } from "../live/ask.ts";
import { useSession } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { formatDay } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { Table } from "../ui/table.tsx";

interface Props {
  readonly current: number;
  readonly mayChange: boolean;
  readonly onStaged: () => void;
}

export function ConfigVersions({ current, mayChange, onStaged }: Props): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const { session } = useSession();
  const history = useFetched(() => daemon.configHistory({ limit: 20 }), current);
  const [asked, ask] = useAsk<unknown>();
  const versions = history.type === "done" ? history.value.versions : [];
  const back = async (version: number): Promise<void> => {
    await daemon.configStage({
      by: session.user ?? "",
      of: String(version),
      comment: t.config.backTo(version),
      replace: true,
    });
    onStaged();
  };
  return (
    <Panel title={t.config.versions}>
      {history.type === "refused" && <Outcome asked={history} />}
      <Table
        label={t.config.versions}
        columns={[t.config.version, t.table.when, t.config.who, t.config.comment, t.node.actions]}
      >
        {versions.map((one) => (
          <tr key={`${one.version}-${one.at}`}>
            <td>{one.version}</td>
            <td>{formatDay(one.at, language)}</td>
            <td>{one.by === "" ? t.config.fromDisk : one.by}</td>
            <td>{one.comment}</td>
            <td>
              {one.version !== current && (
                <Button
                  kind="quiet"
                  isDisabled={!mayChange || asked.type === "asking"}
                  label={t.config.backTo(one.version)}
                  onPress={() => void ask(() => back(one.version))}
                >
                  {t.config.stageAgain}
                </Button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      <CommandHint command="bouncer config history" />
      <Outcome asked={asked} />
    </Panel>
  );
}
