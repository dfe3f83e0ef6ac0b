/** Tries every order of what can happen, each situation once. */
import { canonicalJson, sha256 } from "../../core/hash.ts";
import { type Model, type ModelNode, nextSteps, passTime, type Rules } from "./model.ts";

export interface Found {
  /** Different situations that were reached. */
  readonly situations: number;
  /** Situations in which nothing can happen any more. */
  readonly ends: readonly Model[];
}

export interface SearchOptions {
  /** More are a mistake in the question: the search throws. */
  readonly situationsMax: number;
  /** Called with each situation; throws when a promise is broken. */
  readonly check?: (model: Model) => void;
}

/** Values never change: each is written out once. */
const texts = new WeakMap<object, string>();

function textOf(value: object): string {
  let text = texts.get(value);
  if (text === undefined) {
    text = canonicalJson(plain(value));
    texts.set(value, text);
  }
  return text;
}

function nodeText({ core, outbox, delivered, pending, open }: ModelNode): string {
  // Until when it has seen what was due decides nothing; the rest of the state does.
  const { seenUntil: _seen, ledger, ring, config: _config, ...rest } = core;
  const parts = [textOf(ledger), ring === undefined ? "" : textOf(ring), textOf(outbox), textOf(pending)];
  return `${parts.join("|")}|${canonicalJson(plain(rest))}|${delivered}${open}`;
}

/** Two situations are one when everything that can still happen is the same. */
function keyOf(model: Model, known: WeakMap<ModelNode, string>): string {
  const nodes = [...model.nodes].map(([id, node]) => {
    const text = known.get(node) ?? nodeText(node);
    known.set(node, text);
    return `${id}${text}`;
  });
  const { at, ring, order, off, durable } = model;
  return sha256([at, ring, textOf(order), [...off].sort(), textOf(durable), ...nodes].join("\n"));
}

/** Maps and sets as lists: JSON would lose them. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, item]) => [key, plain(item)]);
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Errors: throws what a judge or the core throws, with the way there. */
export function search(rules: Rules, from: Model, options: SearchOptions): Found {
  const known = new WeakMap<ModelNode, string>();
  const seen = new Set<string>([keyOf(from, known)]);
  const ends: Model[] = [];
  const todo: { readonly model: Model; readonly way: readonly string[] }[] = [{ model: from, way: [] }];
  for (let item = todo.pop(); item !== undefined; item = todo.pop()) {
    const { model, way } = item;
    const steps = nextSteps(rules, model);
    const waits = steps.length > 0 ? undefined : passTime(rules, model);
    if (steps.length === 0 && waits === undefined) ends.push(model);
    const all = waits === undefined ? steps : [{ name: "time passes", to: () => waits }];
    for (const { name, to } of all) {
      const next = attempt(to, [...way, name], options.check);
      const key = keyOf(next, known);
      if (seen.has(key)) continue;
      seen.add(key);
      if (seen.size > options.situationsMax) throw new Error(`more than ${options.situationsMax} situations`);
      todo.push({ model: next, way: [...way, name] });
    }
  }
  return { situations: seen.size, ends };
}

function attempt(to: () => Model, way: readonly string[], check: SearchOptions["check"]): Model {
  try {
    const model = to();
    check?.(model);
    return model;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${why}\nafter: ${way.join(", ")}`, { cause: error });
  }
}
