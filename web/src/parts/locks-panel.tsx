/** Who holds which volume or lock, who waits for whom, and why. */
import type { JSX } from "react";
import { usePolled } from "../live/polled.ts";
import { daemon } from "../live/transport.ts";
import { rowsOf } from "../logic/lock-rows.ts";
import { useText } from "../text/language.ts";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";
import { Ago } from "../ui/instant.tsx";
import { Table } from "../ui/table.tsx";
import { WaitsCell } from "./waits-cell.tsx";

const ROWS_SHOWN = 20;

/** `news`: when it changes, the locks are asked for at once. */
export function LocksPanel({ news }: { readonly news: unknown }): JSX.Element | null {
  const t = useText();
  const fetched = usePolled(() => daemon.locks(), news);
  if (fetched.type !== "done" || fetched.value.count === 0) return null;
  const rows = rowsOf(fetched.value);
  const hidden = fetched.value.count - Math.min(rows.length, ROWS_SHOWN);
  return (
    <Panel title={t.locks.title(fetched.value.count)}>
      <Table
        label={t.locks.table}
        columns={[
          t.locks.resource,
          t.incidents.node,
          t.locks.mode,
          t.locks.owner,
          t.locks.since,
          t.locks.waits,
        ]}
      >
        {rows.slice(0, ROWS_SHOWN).map((row) => (
          <tr key={`${row.resource}\n${row.node}\n${row.owner}\n${row.since}\n${row.mode}`}>
            <th scope="row">{row.resource}</th>
            <td>{row.node}</td>
            <td>
              {row.mode !== undefined && <span title={t.locks.modes[row.mode]}>{row.mode}</span>}
              {row.wants !== undefined && (
                <span className="warn-text" title={t.locks.modes[row.wants]}>
                  {" "}
                  → {row.wants}
                </span>
              )}
            </td>
            <td>{row.owner}</td>
            <td>
              <Ago at={row.since} />
            </td>
            <WaitsCell why={row.why} />
          </tr>
        ))}
      </Table>
      {hidden > 0 && <p className="small dim">{t.locks.more(hidden)}</p>}
      <CommandHint command="bouncer locks" />
    </Panel>
  );
}
