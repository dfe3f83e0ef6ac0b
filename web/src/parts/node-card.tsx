/** One node of the row: state, role, what can cut it off, when that was last done. */
import type { JSX } from "react";
import type { ReadinessReply } from "../../../src/api/readiness.ts";
import type { NodeView, StatusView } from "../../../src/core/view/types.ts";
import { hrefOf } from "../live/route.ts";
import { lookOf } from "../logic/node-state.ts";
import { formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Ago } from "../ui/instant.tsx";
import { NodeLook } from "./node-look.tsx";

interface Props {
  readonly node: NodeView;
  readonly status: StatusView;
  /** How long it would take to cut this node off, as its peers measure it; absent: not known yet. */
  readonly prediction: Prediction | undefined;
}

type Prediction = ReadinessReply["nodes"][number]["prediction"];

export function NodeCard({ node, status, prediction }: Props): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const own = lookOf(node, status.victims);
  const look = own === "member" && prediction?.type === "never" ? "memberUnfenceable" : own;
  const { lastFenced } = node;
  return (
    <article className={`node-card look-${look}`} aria-label={node.name} data-testid={`node-${node.name}`}>
      <h3>
        <a href={hrefOf("node", node.name)}>{node.name}</a>
        {node.master && <span className="tag">{t.node.master}</span>}
        {node.id === status.nodeId && <span className="tag quiet">{t.node.here}</span>}
      </h3>
      <NodeLook look={look} />
      <p className="small">
        <span className="dim">{t.node.fencedBy} </span>
        {node.methods.length === 0 ? (
          <strong className="warn-text">{t.node.noMethod}</strong>
        ) : (
          node.methods.map((method) => (
            <span key={method} className="chip">
              {method}
            </span>
          ))
        )}
      </p>
      {prediction?.type === "after" && (
        <p className="small dim">{t.node.predicted(formatTook(prediction.ms, language))}</p>
      )}
      {prediction?.type === "never" && node.methods.length > 0 && (
        <p className="small warn-text">{t.devices.never[prediction.why]}</p>
      )}
      {lastFenced !== undefined && (
        <p className="small dim">
          <a href={hrefOf("incidents", String(lastFenced.seq))}>
            {t.incidents.hows[lastFenced.how] ?? lastFenced.how}
          </a>
          , <Ago at={lastFenced.at} />
        </p>
      )}
    </article>
  );
}
