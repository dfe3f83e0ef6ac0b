/** The text, checked while it is typed, and what it would change. Passwords are masked and stay what they were. */
import { type JSX, useEffect, useMemo, useRef, useState } from "react";
import { useAsk, useFetched } from "../live/ask.ts";
import { useMay, useSession } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { lineSpan } from "../logic/outline.ts";
import { readConfig } from "../logic/read-config.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Field, Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { ConfigOutline } from "./config-outline.tsx";
import { ConfigText } from "./config-text.tsx";
import { CoverageChange } from "./coverage-change.tsx";
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
  const area = useRef<HTMLTextAreaElement>(null);
  const base = fetched.type === "done" ? fetched.value.text : undefined;
  const text = draft ?? base ?? "";
  const settled = useSettled(text);
  const mayLook = useMay("operator");
  const checked = useFetched(
    async () => (mayLook && settled !== "" ? daemon.configValidate({ text: settled }) : undefined),
    settled,
  );
  const check = checked.type === "done" ? checked.value : undefined;
  const problems = check?.problems ?? [];
  const common = { text, problems, isReadOnly: !mayChange, onChange: setDraft };
  const onLine = (line: number): void => showLine(area.current, line);
  return (
    <Panel title={t.config.editor}>
      {fetched.type === "refused" && <Outcome asked={fetched} />}
      <div className="editor-pair">
        <ConfigOutline {...common} onLine={onLine} />
        <ConfigText {...common} areaRef={area} />
      </div>
      <p className="small dim">{mayChange ? t.config.masked : t.action.notAllowed(t.roles.admin)}</p>
      {checked.type === "refused" && <Outcome asked={checked} />}
      {check !== undefined && <ProblemList problems={problems} fixed={check.fixed} onLine={onLine} />}
      {draft !== undefined && base !== undefined && draft !== base && (
        <Changes
          base={base}
          text={draft}
          settled={settled}
          mayStage={mayChange && settled === draft && check?.ok === true}
          onStaged={onStaged}
          onReset={() => setDraft(undefined)}
        />
      )}
    </Panel>
  );
}

function showLine(area: HTMLTextAreaElement | null, line: number): void {
  if (area === null) return;
  const [from, to] = lineSpan(area.value, line);
  area.setSelectionRange(from, to);
  const box = area.closest(".editor");
  const height = area.scrollHeight / area.rows;
  box?.scrollTo({ top: Math.max(0, (line - 4) * height) });
}

interface ChangesProps {
  readonly base: string;
  readonly text: string;
  readonly settled: string;
  readonly mayStage: boolean;
  readonly onStaged: () => void;
  readonly onReset: () => void;
}

function Changes({ base, text, settled, mayStage, onStaged, onReset }: ChangesProps): JSX.Element {
  const t = useText();
  const { session } = useSession();
  const mayLook = useMay("operator");
  const compared = useFetched(
    async () => (mayLook ? daemon.configCompare({ text: settled }) : undefined),
    settled,
  );
  const [comment, setComment] = useState("");
  const [asked, ask] = useAsk<{ readonly version: number; readonly raised: boolean }>();
  const diff = compared.type === "done" ? compared.value : undefined;
  const before = useMemo(() => readConfig(base), [base]);
  const after = useMemo(() => readConfig(settled), [settled]);
  const stage = async () => {
    const reply = await daemon.configStage({ by: session.user ?? "", text, comment, replace: true });
    onStaged();
    onReset();
    return reply;
  };
  return (
    <div className="changes">
      {compared.type === "refused" && <Outcome asked={compared} />}
      {diff !== undefined && (
        <>
          <h3>{t.config.means}</h3>
          <MeaningList changes={diff.changes} />
          {diff.changes.length > 0 && before !== undefined && after !== undefined && (
            <CoverageChange before={before} after={after} />
          )}
          <h3>{t.config.difference}</h3>
          <DiffText text={diff.text} />
        </>
      )}
      <Field label={t.config.comment} value={comment} onChange={setComment} maxLength={200} />
      <CommandHint command="bouncer config diff cluster.conf && bouncer config stage cluster.conf" />
      <Outcome asked={asked}>{({ version }) => <p>{t.config.staged(version)}</p>}</Outcome>
      <div className="buttons">
        <Button onPress={onReset}>{t.config.reset}</Button>
        <Button
          kind="primary"
          isDisabled={!mayStage || asked.type === "asking"}
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
