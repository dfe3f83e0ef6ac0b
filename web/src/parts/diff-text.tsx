/** A unified difference, with what goes and what comes told by sign and colour. */
import type { JSX } from "react";
import { useText } from "../text/language.ts";

export function DiffText({ text }: { readonly text: string }): JSX.Element | null {
  const t = useText();
  if (text === "") return null;
  let line = 0;
  const lines = text
    .trimEnd()
    .split("\n")
    .map((content) => ({ key: ++line, content }));
  return (
    <section className="diff" aria-label={t.config.difference} tabIndex={0}>
      <pre>
        {lines.map(({ key, content }) => (
          <span key={key} className={kindOf(content)}>
            {content}
            {"\n"}
          </span>
        ))}
      </pre>
    </section>
  );
}

function kindOf(line: string): string {
  if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")) return "dim";
  return line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "";
}
