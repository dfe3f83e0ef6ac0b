/** LVM's shared volume groups: where each is started, who has which volume, which command waits and why. */
import { Fragment, type JSX } from "react";
import { usePolled } from "../live/polled.ts";
import { daemon } from "../live/transport.ts";
import { type VolumeRow, volumeRows } from "../logic/volume-rows.ts";
import { useText } from "../text/language.ts";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";
import { Ago } from "../ui/instant.tsx";
import { Table } from "../ui/table.tsx";
import { WaitsCell } from "./waits-cell.tsx";

const ROWS_SHOWN = 20;

/** `news`: when it changes, the volumes are asked for at once. */
export function VolumesPanel({ news }: { readonly news: unknown }): JSX.Element | null {
  const t = useText();
  const fetched = usePolled(() => daemon.volumes(), news);
  if (fetched.type !== "done" || fetched.value.groups.length === 0) return null;
  const rows = volumeRows(fetched.value);
  const hidden = Math.max(0, rows.length - ROWS_SHOWN);
  return (
    <Panel title={t.volumes.title}>
      <dl className="pairs">
        {fetched.value.groups.map(({ name, started }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{t.volumes.started(started.join(", "))}</dd>
          </Fragment>
        ))}
      </dl>
      <Table
        label={t.volumes.table}
        columns={[t.volumes.volume, t.volumes.where, t.locks.since, t.locks.waits]}
      >
        {rows.slice(0, ROWS_SHOWN).map((row) => (
          <Row key={`${row.name}\n${row.waits?.node}\n${row.waits?.owner}\n${row.waits?.since}`} row={row} />
        ))}
      </Table>
      {hidden > 0 && <p className="small dim">{t.locks.more(hidden)}</p>}
      <CommandHint command="bouncer lvm status" />
    </Panel>
  );
}

function Row({ row }: { readonly row: VolumeRow }): JSX.Element {
  const t = useText();
  const { waits } = row;
  const since = waits?.since ?? row.holders[0]?.since;
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>
        {row.holders.map(({ node, mode }) => (
          <span key={node}>
            {node} <span title={t.locks.modes[mode]}>{mode}</span>{" "}
          </span>
        ))}
        {row.open && <span className="dim">{t.volumes.open}</span>}
      </td>
      <td>{since !== undefined && <Ago at={since} />}</td>
      <WaitsCell why={waits === undefined ? undefined : `${waits.node}, ${waits.owner}: ${waits.why}`} />
    </tr>
  );
}
