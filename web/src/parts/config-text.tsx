/** The text with its line numbers, and each problem behind the line that it is about. */
import { type JSX, type Ref, useMemo } from "react";
import { useText } from "../text/language.ts";
import type { ConfigProblem } from "./problem-list.tsx";

interface Props {
  readonly text: string;
  readonly problems: readonly ConfigProblem[];
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
  readonly areaRef: Ref<HTMLTextAreaElement>;
}

export function ConfigText({ text, problems, isReadOnly, onChange, areaRef }: Props): JSX.Element {
  const t = useText();
  const lines = useMemo(() => text.split("\n"), [text]);
  const byLine = useMemo(() => Map.groupBy(problems, ({ line }) => line), [problems]);
  return (
    <div className="editor">
      <pre aria-hidden="true">
        {lines.map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line number is its own key.
          <span key={index} className={classOf(byLine.get(index + 1))}>
            {index + 1}
            {"\n"}
          </span>
        ))}
      </pre>
      <div className="editor-text">
        {/* Said aloud by the list of problems; drawn here where the eye is. */}
        <pre aria-hidden="true" className="marks">
          {lines.map((line, index) => {
            const here = byLine.get(index + 1);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: as above.
              <span key={index} className={here === undefined ? "" : `marked ${classOf(here)}`}>
                <span className="ghost">{line}</span>
                {here !== undefined && <em>{here.map(({ what }) => what).join("; ")}</em>}
                {"\n"}
              </span>
            );
          })}
        </pre>
        <textarea
          aria-label={t.config.editor}
          value={text}
          rows={lines.length + 1}
          readOnly={isReadOnly}
          spellCheck={false}
          wrap="off"
          ref={areaRef}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
    </div>
  );
}

function classOf(problems: readonly ConfigProblem[] | undefined): string {
  if (problems === undefined) return "";
  const worst = ["error", "warning", "hint"].find((one) => problems.some(({ severity }) => severity === one));
  return `problem-${worst}`;
}
