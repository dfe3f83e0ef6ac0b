/** Closed incidents on their way to the journal: nobody waits, and nothing is lost while the disk is away. */
import type { Incident } from "../core/ledger.ts";
import type { Journal } from "../ports/journal.ts";

/** Incidents that may wait for the disk. Past it the oldest go: the other members have them too. */
export const INCIDENTS_WAITING_MAX = 1_024;
/** Units: ms. Pause before a refusing disk is asked again. */
const RETRY_MS = 15_000;

type Job = { readonly type: "append" | "adopt"; readonly incidents: readonly Incident[] };

export interface IncidentWriter {
  append(incidents: readonly Incident[]): void;
  adopt(incidents: readonly Incident[]): void;
  /** What the disk said last, while something waits for it. */
  problem(): string | undefined;
  close(): void;
}

/** `report` is called when writing begins to fail, with the reason, and when it works again. */
export function createIncidentWriter(
  journal: Pick<Journal, "appendIncidents" | "adoptIncidents">,
  report: (problem: string | undefined) => void,
): IncidentWriter {
  let waiting: Job[] = [];
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  let problem: string | undefined;

  function add(job: Job): void {
    if (job.type === "adopt") waiting = busy ? waiting.slice(0, 1) : []; // It contains what the others said.
    waiting.push(job);
    while (waiting.length > 1 && count(waiting) > INCIDENTS_WAITING_MAX) waiting.splice(busy ? 1 : 0, 1);
    if (timer === undefined) next();
  }

  function tell(news: string | undefined): void {
    if (problem === news) return;
    problem = news;
    report(news);
  }

  function next(): void {
    timer = undefined;
    const [job] = waiting;
    if (busy || job === undefined) return;
    busy = true;
    const written =
      job.type === "append" ? journal.appendIncidents(job.incidents) : journal.adoptIncidents(job.incidents);
    written.then(
      () => {
        busy = false;
        waiting.shift();
        tell(undefined);
        next();
      },
      (error: Error) => {
        busy = false;
        tell(error.message);
        timer = setTimeout(next, RETRY_MS);
        timer.unref();
      },
    );
  }

  return {
    append: (incidents) => add({ type: "append", incidents }),
    adopt: (incidents) => add({ type: "adopt", incidents }),
    problem: () => problem,
    close: () => clearTimeout(timer),
  };
}

function count(jobs: readonly Job[]): number {
  return jobs.reduce((sum, job) => sum + job.incidents.length, 0);
}
