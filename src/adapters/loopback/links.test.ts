import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLinks, type Links } from "./links.ts";

/** Groups of nodes that reach one another, as `1,2|3`. */
function groups(links: Links, nodes: number[]): string {
  const byLabel = Map.groupBy(links.components(nodes), ([, label]) => label);
  return [...byLabel.values()]
    .map((group) =>
      group
        .map(([node]) => node)
        .sort()
        .join(),
    )
    .join("|");
}

describe("links", () => {
  it("counts a wire that works in one direction only as cut", () => {
    const links = createLinks();
    links.cut(1, 2);
    assert.equal(groups(links, [1, 2]), "1|2");
    links.heal(1, 2);
    assert.equal(groups(links, [1, 2]), "1,2");
  });

  it("lets a node in the middle relay", () => {
    const links = createLinks();
    links.cut(1, 3);
    assert.equal(groups(links, [1, 2, 3]), "1,2,3");
    links.cutNode(2);
    assert.equal(groups(links, [1, 2, 3]), "1|2|3");
  });

  it("cuts a node off also from nodes that come later, until it is healed", () => {
    const links = createLinks();
    links.cutNode(1);
    links.cut(1, 2);
    assert.equal(groups(links, [1, 2, 9]), "1|2,9");
    links.healNode(1);
    assert.equal(groups(links, [1, 2, 9]), "1,2,9");
  });

  it("splits and heals", () => {
    const links = createLinks();
    links.split([
      [1, 2],
      [3, 4],
    ]);
    assert.equal(groups(links, [1, 2, 3, 4]), "1,2|3,4");
    links.split([
      [1, 3],
      [2, 4],
    ]);
    assert.equal(groups(links, [1, 2, 3, 4]), "1,3|2,4");
    links.healAll();
    assert.equal(groups(links, [1, 2, 3, 4]), "1,2,3,4");
  });

  it("has limits", () => {
    const links = createLinks();
    assert.throws(() => {
      for (let node = 2; node < 10_000; node += 1) links.cut(1, node);
    }, RangeError);
    assert.throws(() => {
      for (let node = 1; node < 100; node += 1) links.cutNode(node);
    }, RangeError);
  });
});
