import type { JSX } from "react";
import type { daemon } from "../live/transport.ts";
import { useText } from "../text/language.ts";
import { StateIcon } from "../ui/state-icon.tsx";

interface Props {
  readonly problems: Awaited<ReturnType<typeof daemon.configValidate>>["problems"];
  readonly fixed: readonly string[];
}

export function ProblemList({ problems, fixed }: Props): JSX.Element {
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
            {t.config.line(one.line)}: {one.what}
            {one.expected !== "" && <span className="dim"> ({one.expected})</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
