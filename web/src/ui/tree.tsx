/** A tree by the keyboard's rules: arrows move and fold, Home and End jump, one stop of the Tab key. */
import { type JSX, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { type TreePlace, treeMove, visibleOf } from "./tree-keys.ts";

export interface TreeItem extends TreePlace {
  readonly content: ReactNode;
}

interface Props {
  readonly label: string;
  /** In the order of the document; `depth` says what is below what. */
  readonly items: readonly TreeItem[];
  readonly selected: number | undefined;
  readonly onSelect: (key: number) => void;
}

export function Tree({ label, items, selected, onSelect }: Props): JSX.Element {
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const ref = useRef<HTMLDivElement>(null);
  const shown = visibleOf(items, folded);
  const stop = shown.some(({ key }) => key === selected) ? selected : shown[0]?.key;
  // Scrolls the tree only, and only when something else is selected: never the page under the reader.
  useEffect(() => {
    const tree = ref.current;
    const item = tree?.querySelector<HTMLElement>(`[data-key="${selected}"]`);
    if (tree === null || item === null || item === undefined) return;
    const top = item.offsetTop - tree.offsetTop;
    if (top < tree.scrollTop) tree.scrollTo({ top });
    else if (top + item.offsetHeight > tree.scrollTop + tree.clientHeight)
      tree.scrollTo({ top: top + item.offsetHeight - tree.clientHeight });
  }, [selected]);

  function fold(key: number, isFolded: boolean): void {
    setFolded((old) => {
      const next = new Set(old);
      if (isFolded) next.add(key);
      else next.delete(key);
      return next;
    });
  }

  function onKey(event: KeyboardEvent, here: number): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const move = treeMove(event.key, shown, here, folded);
    if (move === undefined) return;
    event.preventDefault();
    if (move.type === "fold" || move.type === "unfold") fold(move.key, move.type === "fold");
    if (move.type !== "go") return;
    onSelect(move.to);
    ref.current?.querySelector<HTMLElement>(`[data-key="${move.to}"]`)?.focus();
  }

  return (
    <div role="tree" aria-label={label} className="tree" ref={ref}>
      {shown.map((item) => (
        <div
          key={item.key}
          role="treeitem"
          aria-level={item.depth + 1}
          aria-selected={item.key === selected}
          aria-expanded={item.hasChildren ? !folded.has(item.key) : undefined}
          tabIndex={item.key === stop ? 0 : -1}
          data-key={item.key}
          data-depth={Math.min(item.depth, 7)}
          onKeyDown={(event) => onKey(event, item.key)}
          onClick={() => onSelect(item.key)}
          onDoubleClick={() => item.hasChildren && fold(item.key, !folded.has(item.key))}
        >
          {item.content}
        </div>
      ))}
    </div>
  );
}
