/** What is staged: what each member says of it, and the button that brings it into force everywhere. */
import { type JSX, useState } from "react";
import type { ConfigReply } from "../../../src/api/config.ts";
import { useAsk, useFetched } from "../live/ask.ts";
import { useServerNow } from "../live/clock.ts";
import { useMay, useSession } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { formatTimer } from "../text/format.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Panel, Select } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { StateIcon } from "../ui/state-icon.tsx";
import { DiffText } from "./diff-text.tsx";
import { MeaningList } from "./meaning-list.tsx";

interface Props {
  readonly config: ConfigReply;
  readonly mayChange: boolean;
  readonly onChanged: () => void;
}

const CONFIRM_MINUTES = ["0", "5", "30"] as const;

export function ConfigStaged({ config, mayChange, onChanged }: Props): JSX.Element {
  const { staged, inForce } = config;
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
      {staged !== undefined && <Staged staged={staged} mayChange={mayChange} onChanged={onChanged} />}
    </>
  );
}

interface StagedProps extends Omit<Props, "config"> {
  readonly staged: NonNullable<ConfigReply["staged"]>;
}

function Staged({ staged, mayChange, onChanged }: StagedProps): JSX.Element {
  const t = useText();
  const { session } = useSession();
  const mayLook = useMay("viewer");
  const [minutes, setMinutes] = useState<(typeof CONFIRM_MINUTES)[number]>("0");
  const [asked, ask] = useAsk<{ readonly version: number }>();
  const diff = useFetched(async () => (mayLook ? daemon.configDiff() : undefined), staged.digest);
  const by = session.user ?? "";
  const isAgreed = staged.missing.length === 0 && staged.reports.every((report) => report.ok);
  const perform = (work: () => Promise<{ version: number }>): void =>
    void ask(async () => {
      const reply = await work();
      onChanged();
      return reply;
    });
  const within = minutes === "0" ? {} : { withinMs: Number(minutes) * 60_000 };
  return (
    <Panel title={t.config.stagedTitle(staged.version)} className="staged">
      <p>
        {staged.by}
        {staged.comment !== "" && `: ${staged.comment}`}
      </p>
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
      {diff.type === "done" && diff.value !== undefined && (
        <>
          <MeaningList changes={diff.value.changes} />
          <DiffText text={diff.value.text} />
        </>
      )}
      <Select
        label={t.config.confirmTimer}
        value={minutes}
        onChange={setMinutes}
        options={CONFIRM_MINUTES.map(
          (one) => [one, one === "0" ? t.config.noTimer : t.config.minutes(Number(one))] as const,
        )}
      />
      <CommandHint command={`bouncer config activate${minutes === "0" ? "" : ` --confirm ${minutes}m`}`} />
      <Outcome asked={asked} />
      <div className="buttons">
        <Button isDisabled={!mayChange} onPress={() => perform(() => daemon.configDiscard({ by }))}>
          {t.config.discard}
        </Button>
        <Button
          kind="primary"
          isDisabled={!mayChange || !isAgreed || asked.type === "asking"}
          onPress={() => perform(() => daemon.configActivate({ by, version: staged.version, ...within }))}
        >
          {t.config.activate}
        </Button>
      </div>
    </Panel>
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
