/** The last hour, newest at the right: bars and marks, and the same as a table for whoever does not see them. */
import type { JSX } from "react";
import { hrefOf } from "../live/route.ts";
import { type Bar, type Lane, type Mark, SPAN_MS } from "../logic/timeline.ts";
import { formatClock, formatTimer } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Panel } from "../ui/fields.tsx";

interface Props {
  readonly lanes: readonly Lane[];
  readonly now: number;
}

const TICKS = [0, 15, 30, 45, 60] as const;
const MINUTE_MS = 60_000;
/** A bar of a few seconds must still be seen. Units: per cent. */
const WIDTH_MIN = 0.6;

export function Timeline({ lanes, now }: Props): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const from = now - SPAN_MS;
  const isQuiet = lanes.every((lane) => lane.bars.length === 0 && lane.marks.length === 0);
  return (
    <Panel title={t.timeline.title} className="timeline">
      <div className="lanes" aria-hidden="true">
        {lanes.map((lane) => (
          <div className="lane" key={lane.name}>
            <span className="lane-name">{lane.name === "" ? t.timeline.storage : lane.name}</span>
            <div className="lane-track">
              {lane.bars.map((bar) => (
                <BarShape key={`${bar.kind}-${bar.from}`} bar={bar} from={from} now={now} />
              ))}
              {lane.marks.map((mark) => (
                <MarkShape key={`${mark.at}-${mark.kind}-${mark.text}`} mark={mark} from={from} />
              ))}
            </div>
          </div>
        ))}
        <div className="lane axis">
          <span className="lane-name" />
          <div className="lane-track">
            {TICKS.map((minutes) => (
              <span key={minutes} style={{ left: `${(minutes / 60) * 100}%` }}>
                {minutes === 60
                  ? t.timeline.now
                  : formatClock(from + minutes * MINUTE_MS, language).slice(0, 5)}
              </span>
            ))}
          </div>
        </div>
      </div>
      {isQuiet ? (
        <p className="dim small">{t.timeline.quiet}</p>
      ) : (
        <details className="small">
          <summary>{t.timeline.table}</summary>
          <ul className="plain">
            {entriesOf(lanes, t, now).map(({ at, text }) => (
              <li key={`${at}${text}`}>{t.timeline.mark(formatClock(at, language), text)}</li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

function entriesOf(
  lanes: readonly Lane[],
  t: ReturnType<typeof useText>,
  now: number,
): { at: number; text: string }[] {
  return lanes
    .flatMap((lane) => [
      ...lane.bars.map((bar) => ({ at: bar.from, text: barText(bar, t, now) })),
      ...lane.marks.map((mark) => ({ at: mark.at, text: `${lane.name} ${mark.text}`.trim() })),
    ])
    .sort((a, b) => b.at - a.at);
}

function barText(bar: Bar, t: ReturnType<typeof useText>, now: number): string {
  const time = formatTimer((bar.to ?? now) - bar.from);
  if (bar.kind === "held") return t.timeline.held(time);
  return bar.to === undefined ? t.timeline.running(bar.name) : t.timeline.incident(bar.name, time);
}

function BarShape({
  bar,
  from,
  now,
}: {
  readonly bar: Bar;
  readonly from: number;
  readonly now: number;
}): JSX.Element {
  const t = useText();
  const left = Math.max(0, ((bar.from - from) / SPAN_MS) * 100);
  const width = Math.max(WIDTH_MIN, (((bar.to ?? now) - from) / SPAN_MS) * 100 - left);
  const style = { left: `${Math.min(left, 100 - WIDTH_MIN)}%`, width: `${width}%` };
  const className = `bar bar-${bar.kind}${bar.to === undefined ? " running" : ""}`;
  const title = barText(bar, t, now);
  if (bar.seq === undefined) return <span className={className} style={style} title={title} />;
  return (
    <a
      className={className}
      style={style}
      title={title}
      href={hrefOf("incidents", String(bar.seq))}
      tabIndex={-1}
    >
      <span className="unseen">{title}</span>
    </a>
  );
}

function MarkShape({ mark, from }: { readonly mark: Mark; readonly from: number }): JSX.Element {
  const left = ((mark.at - from) / SPAN_MS) * 100;
  return <span className={`mark mark-${mark.kind}`} style={{ left: `${left}%` }} title={mark.text} />;
}
