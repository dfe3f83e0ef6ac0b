/**
 * Matches votequorum's answers with views. The two come over different connections and in any
 * order: an answer for another ring is never passed off as one for this view.
 */
import type { RingId } from "../../core/ids.ts";
import type { QuorumEvent } from "../../ports/group-engine.ts";
import type { QuorumNotice, VoteInfo } from "./libquorum.ts";
import { formatRing } from "./views.ts";

export interface QuorumEvents {
  /** `ring`: the totem ring that the view is in. */
  onView(ringId: RingId, ring: string): void;
  onNotice(notice: QuorumNotice): void;
  /**
   * Asks again. Votequorum gives notice only when *quorate* changes; that fewer or more votes are
   * needed (expected votes, a quorum device) it does not say by itself.
   */
  refresh(): void;
  stop(): void;
}

/** `readVotes` may take its time: what is then no longer true is asked again, not reported. */
export function createQuorumEvents(
  readVotes: () => Promise<VoteInfo>,
  report: (event: QuorumEvent) => void,
  fail: (why: string) => void,
): QuorumEvents {
  let view: { ringId: RingId; ring: string } | undefined;
  let notice: QuorumNotice | undefined;
  let isReading = false;
  let isStale = false;
  let isStopped = false;
  let reported = "";

  function tell(event: QuorumEvent): void {
    const text = JSON.stringify(event);
    if (text !== reported) report(event);
    reported = text;
  }

  function consider(): void {
    if (isStopped || view === undefined || notice === undefined) return;
    if (formatRing(notice.ring) !== view.ring) return;
    isStale = isReading;
    if (isReading) return;
    isReading = true;
    const { ringId } = view;
    const { quorate } = notice;
    readVotes().then(
      (votes) => {
        isReading = false;
        if (isStopped) return;
        const isCurrent = view?.ringId === ringId && notice?.quorate === quorate && isMatching();
        if (isCurrent && !isStale) tell({ ringId, quorate, ...votes });
        else consider();
      },
      (error: unknown) => {
        isReading = false;
        if (!isStopped) fail(error instanceof Error ? error.message : String(error));
      },
    );
  }

  function isMatching(): boolean {
    return view !== undefined && notice !== undefined && formatRing(notice.ring) === view.ring;
  }

  return {
    onView(ringId, ring) {
      view = { ringId, ring };
      consider();
    },
    onNotice(next) {
      notice = next;
      consider();
    },
    refresh: consider,
    stop() {
      isStopped = true;
    },
  };
}
