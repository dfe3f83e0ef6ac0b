/** What a key does in a tree, by the pattern that screen readers announce. Pure. Source: WAI-ARIA practices, tree view. */

export interface TreePlace {
  readonly key: number;
  readonly depth: number;
  readonly hasChildren: boolean;
}

export type TreeMove =
  | { readonly type: "go"; readonly to: number }
  | { readonly type: "fold" | "unfold"; readonly key: number }
  /** The key is the tree's, and there is nowhere to go. */
  | { readonly type: "stay" };

/** `shown` is what is visible, in the order of the document; undefined: not a key of the tree's. */
export function treeMove(
  pressed: string,
  shown: readonly TreePlace[],
  here: number,
  folded: ReadonlySet<number>,
): TreeMove | undefined {
  const at = shown.findIndex(({ key }) => key === here);
  const item = shown[at];
  if (item === undefined) return undefined;
  const isOpen = item.hasChildren && !folded.has(item.key);
  switch (pressed) {
    case "ArrowDown":
      return go(shown[at + 1]);
    case "ArrowUp":
      return go(shown[at - 1]);
    case "Home":
      return go(shown[0]);
    case "End":
      return go(shown.at(-1));
    case "ArrowRight":
      if (isOpen) return go(shown[at + 1]);
      return item.hasChildren ? { type: "unfold", key: item.key } : { type: "stay" };
    case "ArrowLeft":
      if (isOpen) return { type: "fold", key: item.key };
      return go(shown.slice(0, at).findLast(({ depth }) => depth < item.depth));
    case "Enter":
    case " ":
      return go(item);
    default:
      return undefined;
  }
}

function go(to: TreePlace | undefined): TreeMove {
  return to === undefined ? { type: "stay" } : { type: "go", to: to.key };
}

/** Without what is below something folded. */
export function visibleOf<I extends TreePlace>(
  items: readonly I[],
  folded: ReadonlySet<number>,
): readonly I[] {
  let hiddenBelow = Number.POSITIVE_INFINITY;
  return items.filter((item) => {
    if (item.depth > hiddenBelow) return false;
    hiddenBelow = folded.has(item.key) ? item.depth : Number.POSITIVE_INFINITY;
    return true;
  });
}
