/** What is staged: what each member says of it, and the button that brings it into force everywhere. */
import { type JSX, useState } from "react";
import type { ConfigReply } from "../../../src/api/config.ts";
import { useAsk, useFetched } from "../live/ask.ts";
import { useServerNow } from "../live/clock.ts";
import { useSession } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { readConfig } from "../logic/read-config.ts";
import { formatTimer } from "../text/format.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { StateIcon } from "../ui/state-icon.tsx";
import { ActivateDialog } from "./activate-dialog.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { CoverageChange } from "./coverage-change.tsx";
import { DiffText } from "./diff-text.tsx";
import { MeaningList } from "./meaning-list.tsx";

interface Props {
  readonly config: ConfigReply;
  readonly mayChange: boolean;
  readonly onChanged: () => void;
}

/** The dialogs are asked here: they outlive what is staged, which is gone when they have done their work. */
export function ConfigStaged({ config, mayChange, onChanged }: Props): JSX.Element {
  const t = useText();
  const { staged, inForce } = config;
  const { session } = useSession();
  const [open, setOpen] = useState<{ readonly what: "activate" | "discard"; readonly version: number }>();
  const close = (): void => {
    setOpen(undefined);
    onChanged();
  };
  return (
    <>
      {inForce.confirm !== undefined && (
        <Confirm
          until={inForce.confirm.until}
          back={inForce.confirm.back.version}
          mayChange={mayChange}
          onChanged={onChanged}
        />
      )}
      {staged !== undefined && (
        <Staged
          staged={staged}
          mayChange={mayChange}
          onAsk={(what) => setOpen({ what, version: staged.version })}
        />
      )}
      {open?.what === "activate" && <ActivateDialog version={open.version} onClose={close} />}
      {open?.what === "discard" && (
        <ConfirmDialog
          title={t.config.discardTitle(open.version)}
          what={t.config.discardWhat}
          verb={t.config.discardVerb}
          command="bouncer config discard"
          onConfirm={() => daemon.configDiscard({ by: session.user ?? "" })}
          onClose={close}
        />
      )}
    </>
  );
}

interface StagedProps {
  readonly staged: NonNullable<ConfigReply["staged"]>;
  readonly mayChange: boolean;
  readonly onAsk: (what: "activate" | "discard") => void;
}

function Staged({ staged, mayChange, onAsk }: StagedProps): JSX.Element {
  const t = useText();
  const fetched = useFetched(() => compare(), staged.digest);
  const compared = fetched.type === "done" ? fetched.value : undefined;
  const isAgreed = staged.missing.length === 0 && staged.reports.every((report) => report.ok);
  return (
    <Panel title={t.config.stagedTitle(staged.version)} className="staged">
      <p>
        {staged.by}
        {staged.comment !== "" && `: ${staged.comment}`}
      </p>
      <Answers staged={staged} />
      {fetched.type === "refused" && <Outcome asked={fetched} />}
      {compared !== undefined && (
        <>
          <h3>{t.config.means}</h3>
          <MeaningList changes={compared.diff.changes} />
          {compared.diff.changes.length > 0 &&
            compared.before !== undefined &&
            compared.after !== undefined && (
              <CoverageChange before={compared.before} after={compared.after} />
            )}
          <h3>{t.config.difference}</h3>
          <DiffText text={compared.diff.text} />
        </>
      )}
      <CommandHint command={`bouncer config activate ${staged.version}`} />
      <div className="buttons">
        <Button isDisabled={!mayChange} onPress={() => onAsk("discard")}>
          {t.config.discard}
        </Button>
        <Button kind="primary" isDisabled={!mayChange || !isAgreed} onPress={() => onAsk("activate")}>
          {t.config.activate}
        </Button>
      </div>
    </Panel>
  );
}

async function compare() {
  const [diff, inForce, staged] = await Promise.all([
    daemon.configDiff(),
    daemon.configText({ of: "in-force" }),
    daemon.configText({ of: "staged" }),
  ]);
  return { diff, before: readConfig(inForce.text), after: readConfig(staged.text) };
}

function Answers({ staged }: Pick<StagedProps, "staged">): JSX.Element {
  const t = useText();
  return (
    <ul className="plain" aria-label={t.config.answers}>
      {staged.reports.map((report) => (
        <li key={report.node} className={report.ok ? "good-text" : "bad-text"}>
          <StateIcon shape={report.ok ? "check" : "cross"} />
          {report.node}: {report.ok ? t.config.agrees : <span lang="en">{report.problems.join("; ")}</span>}
        </li>
      ))}
      {staged.missing.map((node) => (
        <li key={node} className="dim">
          <StateIcon shape="dashed" />
          {node}: {t.config.noAnswer}
        </li>
      ))}
    </ul>
  );
}

interface ConfirmProps extends Omit<Props, "config"> {
  readonly until: number;
  readonly back: number;
}

function Confirm({ until, back, mayChange, onChanged }: ConfirmProps): JSX.Element {
  const t = useText();
  const now = useServerNow();
  const { session } = useSession();
  const [asked, ask] = useAsk<unknown>();
  const keep = async (): Promise<void> => {
    await daemon.configConfirm({ by: session.user ?? "" });
    onChanged();
  };
  return (
    <Panel title={t.config.confirmTitle}>
      <p className="warn-text">{t.config.goesBack(back, formatTimer(until - now))}</p>
      <CommandHint command="bouncer config confirm" />
      <Outcome asked={asked} />
      <div className="buttons start">
        <Button
          kind="primary"
          isDisabled={!mayChange || asked.type === "asking"}
          onPress={() => void ask(keep)}
        >
          {t.config.keep}
        </Button>
      </div>
    </Panel>
  );
}
