import type { JSX } from "react";
import type { daemon } from "../live/transport.ts";
import { useText } from "../text/language.ts";
import { StateIcon } from "../ui/state-icon.tsx";

export type ConfigProblem = Awaited<ReturnType<typeof daemon.configValidate>>["problems"][number];

interface Props {
  readonly problems: readonly ConfigProblem[];
  readonly fixed: readonly string[];
  /** Shows the line in the text. */
  readonly onLine: (line: number) => void;
}

export function ProblemList({ problems, fixed, onLine }: Props): JSX.Element {
  const t = useText();
  if (problems.length === 0 && fixed.length === 0) {
    return (
      <p className="good-text" role="status">
        <StateIcon shape="check" />
        {t.config.noProblems}
      </p>
    );
  }
  return (
    <ul className="problems" aria-label={t.config.problems} lang="en">
      {fixed.map((text) => (
        <li key={text} className="problem-error">
          {text}
        </li>
      ))}
      {problems.map((one) => (
        <li key={`${one.line}${one.what}${one.expected}`} className={`problem-${one.severity}`}>
          <StateIcon
            shape={one.severity === "error" ? "cross" : one.severity === "warning" ? "warning" : "question"}
          />
          <span>
            <button type="button" className="link" onClick={() => onLine(one.line)}>
              {t.config.line(one.line)}
            </button>
            : {one.what}
            {one.expected !== "" && <span className="dim"> ({one.expected})</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
