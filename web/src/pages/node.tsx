/** Everything about one node, and what can be done with it. */
import { type JSX, useState } from "react";
import type { NodeView, StatusView } from "../../../src/core/view/types.ts";
import { useFetched } from "../live/ask.ts";
import { hrefOf } from "../live/route.ts";
import { useMay, useSession } from "../live/session.ts";
import { useLive } from "../live/store.ts";
import { daemon } from "../live/transport.ts";
import { lookOf } from "../logic/node-state.ts";
import { CheckPanel } from "../parts/check-panel.tsx";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { FenceDialog } from "../parts/fence-dialog.tsx";
import { IncidentTable } from "../parts/incident-table.tsx";
import { NodeLook } from "../parts/node-look.tsx";
import { List } from "../parts/storage-panel.tsx";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/fields.tsx";
import { Clock } from "../ui/instant.tsx";

const LINES_SHOWN = 40;

export function NodePage({ name }: { readonly name: string }): JSX.Element | null {
  const t = useText();
  const { status } = useLive();
  if (status === undefined) return null;
  const node = status.nodes.find((one) => one.name === name);
  if (node === undefined) return <p>{t.node.notThere(name)}</p>;
  return (
    <>
      <nav className="tabs" aria-label={t.nav.nodes}>
        {status.nodes.map((one) => (
          <a
            key={one.id}
            href={hrefOf("node", one.name)}
            aria-current={one.name === name ? "page" : undefined}
          >
            {one.name}
          </a>
        ))}
      </nav>
      <div className="two">
        <Facts node={node} status={status} />
        <Actions node={node} status={status} />
      </div>
      <Incidents node={node} status={status} />
      <StoryOf node={node} />
    </>
  );
}

function Facts({ node, status }: { readonly node: NodeView; readonly status: StatusView }): JSX.Element {
  const t = useText();
  return (
    <Panel title={node.name} aside={<NodeLook look={lookOf(node, status.victims)} />}>
      <p>{t.stateHelp[lookOf(node, status.victims)]}</p>
      <dl className="pairs">
        <dt>{t.node.fencedBy}</dt>
        <dd>
          {node.methods.length === 0 ? (
            <strong className="warn-text">{t.node.noMethod}</strong>
          ) : (
            <List items={node.methods} />
          )}
        </dd>
        <dt>{t.node.present}</dt>
        <dd>{node.present ? t.node.yes : t.node.no}</dd>
        <dt>{t.node.configVersion}</dt>
        <dd>{node.configVersion === undefined ? t.node.unknown : t.facts.configValue(node.configVersion)}</dd>
        <dt>{t.node.start}</dt>
        <dd>
          <code>{node.incarnation === undefined ? t.node.unknown : node.incarnation.start}</code>
        </dd>
      </dl>
    </Panel>
  );
}

type Open = "fence" | "unfence" | "join" | "leave" | undefined;

function Actions({ node, status }: { readonly node: NodeView; readonly status: StatusView }): JSX.Element {
  const t = useText();
  const { session } = useSession();
  const mayAct = useMay("operator");
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  const isHere = node.id === status.nodeId;
  const isOut = node.state === "observer" || node.state === "departed" || node.state === "absent";
  const title = mayAct ? undefined : t.action.notAllowed(t.roles.operator);
  const button = (what: Open, text: string, kind: "plain" | "danger" = "plain"): JSX.Element => (
    <Button kind={kind} isDisabled={!mayAct} title={title} onPress={() => setOpen(what)}>
      {text}
    </Button>
  );
  const by = session.user ?? "";
  return (
    <Panel title={t.node.actions}>
      <CheckPanel name={node.name} from={status.node} />
      {node.state === "victim" && (
        <p>
          <a href={hrefOf("overview")}>{t.node.isLost}</a>
        </p>
      )}
      <div className="buttons start">
        {isHere && (isOut ? button("join", t.membership.join) : button("leave", t.membership.leave))}
        {button("unfence", t.unfence.button)}
      </div>
      {!isHere && <div className="buttons start apart">{button("fence", t.fence.button, "danger")}</div>}
      {open === "fence" && <FenceDialog node={node} status={status} onClose={close} />}
      {open === "unfence" && (
        <ConfirmDialog
          title={t.unfence.title(node.name)}
          what={t.unfence.what}
          verb={t.unfence.confirm}
          command={`bouncer unfence ${node.name}`}
          onConfirm={() => daemon.unfence({ name: node.name, by })}
          onClose={close}
        >
          {({ outcome }) => t.fence.outcome[outcome]}
        </ConfirmDialog>
      )}
      {open === "leave" && (
        <ConfirmDialog
          title={t.membership.leaveTitle(node.name)}
          what={t.membership.leaveWhat}
          verb={t.membership.confirmLeave}
          command="bouncer leave"
          onConfirm={() => daemon.leave()}
          onClose={close}
        >
          {({ type }) => t.membership.done[type]}
        </ConfirmDialog>
      )}
      {open === "join" && (
        <ConfirmDialog
          title={t.membership.joinTitle(node.name)}
          what={t.membership.joinWhat}
          verb={t.membership.confirmJoin}
          command="bouncer join"
          onConfirm={() => daemon.join()}
          onClose={close}
        >
          {({ type }) => t.membership.done[type]}
        </ConfirmDialog>
      )}
    </Panel>
  );
}

function Incidents({
  node,
  status,
}: {
  readonly node: NodeView;
  readonly status: StatusView;
}): JSX.Element | null {
  const t = useText();
  const history = useFetched(() => daemon.history({ limit: 100 }), node.lastFenced?.seq);
  const mine = history.type === "done" ? history.value.incidents.filter((one) => one.node === node.id) : [];
  if (mine.length === 0) return null;
  return (
    <Panel title={t.node.incidents}>
      <IncidentTable incidents={mine} status={status} />
    </Panel>
  );
}

function StoryOf({ node }: { readonly node: NodeView }): JSX.Element {
  const t = useText();
  const { lines } = useLive();
  const mine = lines
    .filter((line) => line.node === node.id)
    .slice(-LINES_SHOWN)
    .reverse();
  return (
    <Panel title={t.node.story}>
      {mine.length === 0 ? (
        <p className="dim">{t.node.noStory}</p>
      ) : (
        <ol className="story" lang="en">
          {mine.map((line) => (
            <li key={line.id} className={`level-${line.level}`}>
              <Clock at={line.at} /> {line.text}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
