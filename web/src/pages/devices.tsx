/** Would fencing work tonight? Every device of every node, asked by everybody who may have to use it. */
import type { JSX } from "react";
import type { ReadinessReply } from "../../../src/api/readiness.ts";
import { useReadiness } from "../live/readiness.ts";
import { useLive } from "../live/store.ts";
import { CheckPanel } from "../parts/check-panel.tsx";
import { formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { Scroll } from "../ui/scroll.tsx";
import { type Shape, StateIcon } from "../ui/state-icon.tsx";

type Node = ReadinessReply["nodes"][number];
type Device = Node["devices"][number];
type Cell = Device["cells"][number];

export function Devices(): JSX.Element | null {
  const t = useText();
  const { status } = useLive();
  const readiness = useReadiness();
  if (readiness.type === "refused") return <Outcome asked={readiness} />;
  if (readiness.type !== "done" || status === undefined) return <p className="dim">{t.empty.loading}</p>;
  return (
    <>
      <p className="dim">{t.devices.what}</p>
      {readiness.value.nodes.map((node) => (
        <NodeDevices key={node.node} node={node} from={status.node} />
      ))}
    </>
  );
}

function NodeDevices({ node, from }: { readonly node: Node; readonly from: string }): JSX.Element {
  const t = useText();
  const members = [...new Set(node.devices.flatMap((device) => device.cells.map((cell) => cell.from)))];
  return (
    <Panel title={node.node} aside={<Predicted node={node} />}>
      {node.alarms.map((alarm) => (
        <p key={alarm} className="bad-text" lang="en">
          <StateIcon shape="warning" />
          {alarm}
        </p>
      ))}
      {node.devices.length === 0 ? (
        <p className="warn-text">{t.devices.blocks}</p>
      ) : (
        <Scroll label={t.devices.matrix(node.node)}>
          <table aria-label={t.devices.matrix(node.node)}>
            <thead>
              <tr>
                <th scope="col">{t.check.method}</th>
                <th scope="col">{t.table.device}</th>
                <th scope="col">{t.check.agent}</th>
                {members.map((member) => (
                  <th scope="col" key={member}>
                    {t.devices.from(member)}
                  </th>
                ))}
                <th scope="col">{t.devices.identity}</th>
              </tr>
            </thead>
            <tbody>
              {node.devices.map((device) => (
                <tr key={`${device.method}-${device.deviceName}-${device.plug}`}>
                  <td>{device.methodName}</td>
                  <td>{device.plug === "" ? device.deviceName : `${device.deviceName} ${device.plug}`}</td>
                  <td>
                    <code>{device.agent.split("/").at(-1)}</code>
                  </td>
                  {members.map((member) => (
                    <td key={member}>
                      <CellText cell={device.cells.find((cell) => cell.from === member)} />
                    </td>
                  ))}
                  <td
                    className={
                      device.verdict === "other" || device.verdict === "stranger" ? "bad-text" : "dim"
                    }
                  >
                    {t.devices.verdicts[device.verdict]}
                    {device.identity?.serial !== undefined && ` ${device.identity.serial}`}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {node.devices.length > 0 && <CheckPanel name={node.node} from={from} />}
    </Panel>
  );
}

function Predicted({ node }: { readonly node: Node }): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const { prediction } = node;
  if (prediction.type === "never")
    return <span className="warn-text">{t.devices.never[prediction.why]}</span>;
  if (prediction.type === "unknown") return <span className="dim">{t.devices.unknown}</span>;
  return (
    <span className="dim">
      {t.devices.after(formatTook(prediction.ms, language), prediction.method, prediction.executor)}
      {prediction.isMeasured ? "" : ` (${t.devices.estimated})`}
    </span>
  );
}

const SHAPES: Readonly<Record<Cell["standing"], Shape>> = {
  ready: "check",
  failing: "cross",
  doubtful: "warning",
  stale: "dashed",
  unknown: "question",
  unasked: "hollow",
};

function CellText({ cell }: { readonly cell: Cell | undefined }): JSX.Element {
  const t = useText();
  const language = useLanguage();
  if (cell === undefined) return <span className="dim">–</span>;
  return (
    <span className={`standing-${cell.standing}`} title={cell.alarm ?? cell.detail}>
      <StateIcon shape={SHAPES[cell.standing]} />
      {t.devices.standings[cell.standing]}
      {cell.tookMs !== undefined && <span className="small dim"> {formatTook(cell.tookMs, language)}</span>}
      {cell.ageMs !== undefined && (
        <span className="small dim"> · {t.devices.age(formatTook(cell.ageMs, language))}</span>
      )}
    </span>
  );
}
