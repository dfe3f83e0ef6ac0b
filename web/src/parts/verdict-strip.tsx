/** The answer, in one sentence and one colour. Said aloud when it changes. */
import type { JSX, ReactNode } from "react";
import { useServerNow } from "../live/clock.ts";
import { useLive } from "../live/store.ts";
import { type Tone, type Verdict, verdictOf } from "../logic/verdict.ts";
import type { Catalogue } from "../text/catalogue.ts";
import { formatTimer } from "../text/format.ts";
import { useText } from "../text/language.ts";
import { Timer } from "../ui/instant.tsx";
import { type Shape, StateIcon } from "../ui/state-icon.tsx";

const SHAPES: Readonly<Record<Tone, Shape>> = {
  good: "check",
  warn: "warning",
  held: "snowflake",
  bad: "warning",
  unknown: "question",
};

export function VerdictStrip(): JSX.Element {
  const t = useText();
  const { status } = useLive();
  const verdict = verdictOf(status);
  return (
    <section className={`verdict tone-${verdict.tone}`} data-testid="verdict" aria-label={t.product}>
      <StateIcon
        shape={verdict.type === "open" && verdict.tone === "warn" ? "lock-open" : SHAPES[verdict.tone]}
      />
      <h1>{sentence(verdict, t)}</h1>
      <p className="unseen" role="status" aria-live="assertive">
        {announcement(verdict, t)}
      </p>
    </section>
  );
}

function sentence(verdict: Verdict, t: Catalogue): ReactNode {
  if (verdict.type === "unknown") return t.live.waiting;
  if (verdict.type === "open") return openSentence(verdict, t);
  const what = whatHolds(verdict, t);
  return (
    <>
      {t.verdict.held} <Timer from={verdict.since} />: {what}.{" "}
      {verdict.type === "victim" && <NextTry at={verdict.victim.nextAt} />}
    </>
  );
}

function openSentence(verdict: Verdict & { readonly type: "open" }, t: Catalogue): string {
  const { total, unready } = verdict;
  const ready =
    unready.length === 0
      ? t.verdict.allReady(total)
      : t.verdict.someReady(total - unready.length, total, unready.join(", "));
  return `${t.verdict.open} ${ready}`;
}

function whatHolds(verdict: Exclude<Verdict, { type: "unknown" | "open" }>, t: Catalogue): string {
  if (verdict.type === "victim") {
    const { name, stage } = verdict.victim;
    const words = { waiting: t.verdict.waiting, fencing: t.verdict.fencing, stuck: t.verdict.stuck }[stage];
    return verdict.more > 0 ? `${words(name)} ${t.verdict.more(verdict.more)}` : words(name);
  }
  const causes: Readonly<Record<string, string>> = {
    "no-quorum": t.verdict.noQuorum,
    messages: t.verdict.messages,
    epoch: t.verdict.epoch,
    "not-joined": t.verdict.notJoined,
    expelled: t.verdict.expelled,
    "engine-lost": t.verdict.engineLost,
    suspect: t.verdict.suspect(verdict.node ?? "?"),
  };
  return causes[verdict.code] ?? t.verdict.other;
}

function NextTry({ at }: { readonly at: number | undefined }): JSX.Element | null {
  const t = useText();
  const now = useServerNow();
  if (at === undefined || at <= now) return null;
  return <span className="dim">{t.verdict.nextTry(formatTimer(at - now))}</span>;
}

/** Without the running timer: it would never stop talking. */
function announcement(verdict: Verdict, t: Catalogue): string {
  if (verdict.type === "unknown") return "";
  if (verdict.type === "open") return openSentence(verdict, t);
  if (verdict.type === "victim") return `${t.victim.announce(verdict.victim.name)} ${whatHolds(verdict, t)}`;
  return whatHolds(verdict, t);
}
