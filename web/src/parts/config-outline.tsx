/** The tree beside the text: elements to walk through, and the values of the one that is selected as fields. */
import { type JSX, useMemo, useState } from "react";
import { type OutlineItem, outlineOf, withAttribute } from "../logic/outline.ts";
import { useText } from "../text/language.ts";
import { Field } from "../ui/fields.tsx";
import { StateIcon } from "../ui/state-icon.tsx";
import { Tree } from "../ui/tree.tsx";
import type { ConfigProblem } from "./problem-list.tsx";

interface Props {
  readonly text: string;
  readonly problems: readonly ConfigProblem[];
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
  /** Shows the line in the text. */
  readonly onLine: (line: number) => void;
}

export function ConfigOutline({ text, problems, isReadOnly, onChange, onLine }: Props): JSX.Element {
  const t = useText();
  const [selected, setSelected] = useState<number>();
  const { items, whole } = useMemo(() => outlineOf(text), [text]);
  const item = items.find(({ index }) => index === selected);
  const select = (index: number): void => {
    setSelected(index);
    onLine(items[index]?.line ?? 1);
  };
  return (
    <div className="outline">
      <Tree
        label={t.config.outline}
        selected={selected}
        onSelect={select}
        items={items.map((one) => ({
          key: one.index,
          depth: one.depth,
          hasChildren: one.hasChildren,
          content: <ItemText item={one} problem={worstOf(problems, one, items[one.index + 1])} />,
        }))}
      />
      {!whole && <p className="small warn-text">{t.config.outlineBroken}</p>}
      {item !== undefined && (
        <fieldset className="attributes">
          <legend>
            {item.name} {item.label}
          </legend>
          {item.attributes.length === 0 && <p className="small dim">{t.config.noValues}</p>}
          {item.attributes.map(({ name, value }) => (
            <Field
              key={`${item.index} ${name}`}
              label={name}
              value={value}
              isReadOnly={isReadOnly}
              onChange={(next) => onChange(withAttribute(text, item.index, name, next))}
            />
          ))}
        </fieldset>
      )}
    </div>
  );
}

function ItemText({
  item,
  problem,
}: {
  readonly item: OutlineItem;
  readonly problem: ConfigProblem | undefined;
}): JSX.Element {
  return (
    <span className={problem === undefined ? "" : `problem-${problem.severity}`} title={problem?.what}>
      {problem !== undefined && <StateIcon shape={problem.severity === "error" ? "cross" : "warning"} />}
      {item.name} {item.label !== "" && <strong>{item.label}</strong>}
    </span>
  );
}

/** Of the lines from this tag to the next one; hints are no worry. */
function worstOf(
  problems: readonly ConfigProblem[],
  { line }: OutlineItem,
  next: OutlineItem | undefined,
): ConfigProblem | undefined {
  const own = problems.filter(
    (one) => one.line >= line && (next === undefined || one.line < next.line) && one.severity !== "hint",
  );
  return own.find(({ severity }) => severity === "error") ?? own[0];
}
