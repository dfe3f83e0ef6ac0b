import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  hashText,
  TRIE_EMPTY,
  type Trie,
  trieDelete,
  trieEntries,
  trieGet,
  trieMap,
  trieSet,
} from "./trie.ts";

const Change = fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.integer()));

test("trie: behaves like a map, and every version stays what it was", () => {
  fc.assert(
    fc.property(fc.array(Change, { maxLength: 300, size: "max" }), (changes) => {
      const model = new Map<string, number>();
      let trie: Trie<number> = TRIE_EMPTY;
      const versions: [Trie<number>, Map<string, number>][] = [];
      for (const [key, value] of changes) {
        if (value === null) {
          model.delete(key);
          trie = trieDelete(trie, key);
        } else {
          model.set(key, value);
          trie = trieSet(trie, key, value);
        }
        versions.push([trie, new Map(model)]);
      }
      for (const [version, expected] of versions.slice(-20)) {
        assert.deepEqual(new Map(trieEntries(version)), expected);
        assert.equal(version.size, expected.size);
        for (const [key, value] of expected) assert.equal(trieGet(version, key), value);
      }
    }),
  );
});

test("trie: numbers are keys, too, however large", () => {
  const Entry = fc.tuple(fc.maxSafeNat(), fc.boolean());
  fc.assert(
    fc.property(fc.array(Entry, { maxLength: 300, size: "max" }), (changes) => {
      const model = new Map<number, number>();
      let trie: Trie<number, number> = TRIE_EMPTY;
      for (const [key, isSet] of changes.flatMap(([key, isSet]) => [
        [key, isSet] as const,
        [key % 7, isSet] as const,
      ])) {
        if (isSet) model.set(key, -key);
        else model.delete(key);
        trie = isSet ? trieSet(trie, key, -key) : trieDelete(trie, key);
      }
      assert.deepEqual(new Map(trieEntries(trie)), model);
      assert.equal(trie.size, model.size);
    }),
  );
  const [a, b] = [1, 2 ** 32];
  const both = trieSet(trieSet<string, number>(TRIE_EMPTY, a, "a"), b, "b");
  assert.deepEqual([trieGet(both, a), trieGet(both, b), both.size], ["a", "b", 2], "their hashes are equal");
  assert.deepEqual([...trieEntries(trieDelete(both, b))], [[a, "a"]]);
});

test("trie: a walk that changes and drops leaves what single changes would leave", () => {
  const Value = fc.constantFrom("stays", "changes", "goes");
  // So few numbers, some of them with one and the same hash.
  const Place = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 3 })).map(([low, high]) => low + high * 2 ** 32);
  fc.assert(
    fc.property(fc.array(fc.tuple(Place, Value), { maxLength: 120, size: "max" }), (entries) => {
      let trie: Trie<string, number> = TRIE_EMPTY;
      for (const [key, value] of entries) trie = trieSet(trie, key, value);
      let expected = trie;
      for (const [key, value] of trieEntries(trie)) {
        if (value === "goes") expected = trieDelete(expected, key);
        if (value === "changes") expected = trieSet(expected, key, "changed");
      }
      const mapped = trieMap(trie, (value) =>
        value === "stays" ? value : value === "changes" ? "changed" : undefined,
      );
      assert.deepEqual(new Map(trieEntries(mapped)), new Map(trieEntries(expected)));
      assert.equal(mapped.size, expected.size);
      for (const [key, value] of trieEntries(expected)) assert.equal(trieGet(mapped, key), value);
      assert.equal(
        trieMap(mapped, (value) => value),
        mapped,
        "nothing changes: the same map",
      );
      for (const [key] of trieEntries(mapped)) expected = trieDelete(expected, key);
      assert.deepEqual(expected, TRIE_EMPTY);
    }),
  );
});

test("trie: equal contents iterate in the same order, whatever came in between", () => {
  const keys = Array.from({ length: 2_000 }, (_, i) => `key ${i}`);
  let straight: Trie<number> = TRIE_EMPTY;
  let crooked: Trie<number> = TRIE_EMPTY;
  for (const key of keys) straight = trieSet(straight, key, key.length);
  for (const key of [...keys].reverse()) crooked = trieSet(crooked, key, 0);
  for (const key of keys) crooked = trieSet(crooked, `${key} more`, 0);
  for (const key of keys) crooked = trieDelete(crooked, `${key} more`);
  for (const key of keys) crooked = trieSet(crooked, key, key.length);
  assert.deepEqual([...trieEntries(crooked)], [...trieEntries(straight)]);
  for (const key of keys) crooked = trieDelete(crooked, key);
  assert.deepEqual(crooked, TRIE_EMPTY);
});

test("trie: keys of one and the same hash live side by side", () => {
  const seen = new Map<number, string>();
  let pair: readonly string[] | undefined;
  for (let i = 0; pair === undefined; i++) {
    const other = seen.get(hashText(`k${i}`));
    if (other === undefined) seen.set(hashText(`k${i}`), `k${i}`);
    else pair = [other, `k${i}`];
  }
  const [a, b] = pair as [string, string];
  const both = trieSet(trieSet(TRIE_EMPTY as Trie<number>, a, 1), b, 2);
  assert.deepEqual([trieGet(both, a), trieGet(both, b), both.size], [1, 2, 2]);
  const one = trieDelete(both, a);
  assert.deepEqual([trieGet(one, a), trieGet(one, b), one.size], [undefined, 2, 1]);
});
