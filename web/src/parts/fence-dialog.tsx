/** Cut a node off by hand: what it means, what is left, and its name typed. Nowhere near the other dangerous button. */
import { type JSX, lazy, Suspense, useState } from "react";
import type { FenceStep } from "../../../src/core/ledger.ts";
import type { NodeView, StatusView } from "../../../src/core/view/types.ts";
import { useAsk } from "../live/ask.ts";
import { useReadiness } from "../live/readiness.ts";
import { useSession } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Field } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { NodeWork } from "./node-work.tsx";
import { Step } from "./step-list.tsx";

/** Brings the simulator with it. */
const FencePreview = lazy(async () => ({
  default: (await import("./fence-preview.tsx")).FencePreview,
}));

interface Props {
  readonly node: NodeView;
  readonly status: StatusView;
  readonly onClose: () => void;
}

export function FenceDialog({ node, status, onClose }: Props): JSX.Element {
  const t = useText();
  const { session } = useSession();
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [asked, ask] = useAsk<{ readonly outcome: string; readonly steps: readonly FenceStep[] }>();
  const members = status.nodes.filter((one) => one.state === "member");
  const isMember = node.state === "member";
  const rest = members.length - (isMember ? 1 : 0);
  const losesQuorum = isMember && rest * 2 <= status.nodes.length;
  const isReady = typed === node.name && (!losesQuorum || reason.trim() !== "");
  const nameOf = (id: number): string => status.nodes.find((one) => one.id === id)?.name ?? String(id);
  const isDone = asked.type === "done";
  return (
    <Dialog title={t.fence.title(node.name)} tone="danger" onClose={onClose}>
      <p>{t.fence.what(node.name)}</p>
      <ul>
        <li>{isMember ? t.fence.running(node.name) : t.fence.already(node.name)}</li>
        <li>{node.methods.length === 0 ? t.fence.noMethods : t.fence.methods(node.methods.join(", "))}</li>
        <li>{t.fence.rest(rest, status.nodes.length)}</li>
        {isMember && <NodeWork name={node.name} />}
        <Predicted name={node.name} />
      </ul>
      <Suspense fallback={<p className="dim">{t.empty.loading}</p>}>
        {!isDone && node.methods.length > 0 && <FencePreview node={node} status={status} />}
      </Suspense>
      {losesQuorum && <p className="danger-text">{t.fence.quorum}</p>}
      {!isDone && (
        <>
          {losesQuorum && (
            <Field label={t.fence.quorumReason} value={reason} onChange={setReason} maxLength={200} />
          )}
          <Field label={t.action.typeName(node.name)} value={typed} onChange={setTyped} maxLength={255} />
          <CommandHint command={`bouncer fence ${node.name}`} />
        </>
      )}
      <Outcome asked={asked}>
        {({ outcome, steps }) => (
          <>
            <p>{t.fence.outcome[outcome] ?? outcome}</p>
            <ol className="steps">
              {steps.map((step) => (
                <Step
                  key={`${step.at}${step.device}${step.action}`}
                  step={step}
                  executor={nameOf(step.executor)}
                />
              ))}
            </ol>
          </>
        )}
      </Outcome>
      <div className="buttons">
        <Button onPress={onClose}>{isDone ? t.action.close : t.action.cancel}</Button>
        {!isDone && (
          <Button
            kind="danger"
            isDisabled={!isReady || asked.type === "asking"}
            onPress={() =>
              void ask(() =>
                daemon.fence({
                  name: node.name,
                  by: session.user ?? "",
                  ...(reason.trim() === "" ? {} : { reason }),
                }),
              )
            }
          >
            {t.fence.confirm(node.name)}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

/** As its peers measure it: how long, by which method, and who would do it. */
function Predicted({ name }: { readonly name: string }): JSX.Element | null {
  const t = useText();
  const language = useLanguage();
  const readiness = useReadiness();
  const found =
    readiness.type === "done" ? readiness.value.nodes.find(({ node }) => node === name) : undefined;
  if (found === undefined || found.prediction.type === "unknown") return null;
  const { prediction } = found;
  if (prediction.type === "never") return <li className="warn-text">{t.devices.never[prediction.why]}</li>;
  return (
    <li>{t.devices.after(formatTook(prediction.ms, language), prediction.method, prediction.executor)}</li>
  );
}
