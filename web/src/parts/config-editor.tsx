/** The text, checked while it is typed, and what it would change. Passwords are masked and stay what they were. */
import { type JSX, useEffect, useState } from "react";
import { useAsk, useFetched } from "../live/ask.ts";
import { useMay, useSession } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Field, Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { DiffText } from "./diff-text.tsx";
import { MeaningList } from "./meaning-list.tsx";
import { ProblemList } from "./problem-list.tsx";

/** Units: ms without a key before the text is sent to be checked. */
const PAUSE_MS = 400;

interface Props {
  readonly version: number;
  readonly mayChange: boolean;
  readonly onStaged: () => void;
}

export function ConfigEditor({ version, mayChange, onStaged }: Props): JSX.Element {
  const t = useText();
  const fetched = useFetched(() => daemon.configText({ of: "in-force" }), version);
  const [draft, setDraft] = useState<string>();
  const base = fetched.type === "done" ? fetched.value.text : undefined;
  const text = draft ?? base ?? "";
  return (
    <Panel title={t.config.editor}>
      {fetched.type === "refused" && <Outcome asked={fetched} />}
      <TextArea text={text} onChange={setDraft} isReadOnly={!mayChange} />
      <p className="small dim">{mayChange ? t.config.masked : t.action.notAllowed(t.roles.admin)}</p>
      {draft !== undefined && draft !== base && (
        <Changes text={draft} mayChange={mayChange} onStaged={onStaged} onReset={() => setDraft(undefined)} />
      )}
    </Panel>
  );
}

interface AreaProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly isReadOnly: boolean;
}

function TextArea({ text, onChange, isReadOnly }: AreaProps): JSX.Element {
  const t = useText();
  const count = text.split("\n").length;
  const numbers = Array.from({ length: count }, (_, index) => index + 1).join("\n");
  return (
    <div className="editor">
      <pre aria-hidden="true">{numbers}</pre>
      <textarea
        aria-label={t.config.editor}
        value={text}
        rows={count + 1}
        readOnly={isReadOnly}
        spellCheck={false}
        wrap="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

interface ChangesProps {
  readonly text: string;
  readonly mayChange: boolean;
  readonly onStaged: () => void;
  readonly onReset: () => void;
}

function Changes({ text, mayChange, onStaged, onReset }: ChangesProps): JSX.Element {
  const t = useText();
  const { session } = useSession();
  const mayLook = useMay("operator");
  const settled = useSettled(text);
  const checked = useFetched(
    async () =>
      mayLook
        ? {
            check: await daemon.configValidate({ text: settled }),
            diff: await daemon.configCompare({ text: settled }),
          }
        : undefined,
    settled,
  );
  const [comment, setComment] = useState("");
  const [asked, ask] = useAsk<{ readonly version: number; readonly raised: boolean }>();
  const isCurrent = settled === text;
  const value = checked.type === "done" ? checked.value : undefined;
  const stage = async () => {
    const reply = await daemon.configStage({ by: session.user ?? "", text, comment, replace: true });
    onStaged();
    onReset();
    return reply;
  };
  return (
    <div className="changes">
      {checked.type === "refused" && <Outcome asked={checked} />}
      {value !== undefined && (
        <>
          <ProblemList problems={value.check.problems} fixed={value.check.fixed} />
          <h3>{t.config.means}</h3>
          <MeaningList changes={value.diff.changes} />
          <DiffText text={value.diff.text} />
        </>
      )}
      <Field label={t.config.comment} value={comment} onChange={setComment} maxLength={200} />
      <CommandHint command="bouncer config stage cluster.conf" />
      <Outcome asked={asked}>{({ version }) => <p>{t.config.staged(version)}</p>}</Outcome>
      <div className="buttons">
        <Button onPress={onReset}>{t.config.reset}</Button>
        <Button
          kind="primary"
          isDisabled={!mayChange || !isCurrent || value?.check.ok !== true || asked.type === "asking"}
          onPress={() => void ask(stage)}
        >
          {t.config.stage}
        </Button>
      </div>
    </div>
  );
}

/** The text, once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
