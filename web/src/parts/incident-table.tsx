import type { JSX } from "react";
import type { Incident } from "../../../src/core/ledger.ts";
import type { StatusView } from "../../../src/core/view/types.ts";
import { hrefOf } from "../live/route.ts";
import { formatDay, formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Table } from "../ui/table.tsx";

interface Props {
  readonly incidents: readonly Incident[];
  readonly status: StatusView;
}

export function bestGrade(incident: Incident): string {
  return incident.evidence.map((one) => one.grade).sort()[0] ?? "-";
}

export function IncidentTable({ incidents, status }: Props): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const nameOf = (id: number | undefined): string => status.nodes.find((node) => node.id === id)?.name ?? "";
  return (
    <Table
      label={t.incidents.title}
      columns={[
        t.incidents.seq,
        t.incidents.node,
        t.incidents.lostAt,
        t.incidents.took,
        t.incidents.how,
        t.incidents.proof,
        t.incidents.by,
      ]}
    >
      {incidents.map((one) => (
        <tr key={one.seq}>
          <td>
            <a href={hrefOf("incidents", String(one.seq))}>{one.seq}</a>
          </td>
          <td>{one.name}</td>
          <td>{formatDay(one.firstSeenAt, language)}</td>
          <td>{formatTook(one.doneAt - one.firstSeenAt, language)}</td>
          <td>{t.incidents.hows[one.how] ?? one.how}</td>
          <td>
            <span className={`grade grade-${bestGrade(one)}`} title={t.incidents.grades[bestGrade(one)]}>
              {bestGrade(one)}
            </span>
          </td>
          <td>{nameOf(one.executor)}</td>
        </tr>
      ))}
    </Table>
  );
}
