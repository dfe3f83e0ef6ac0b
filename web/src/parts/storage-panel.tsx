import type { JSX } from "react";
import type { StatusView } from "../../../src/core/view/types.ts";
import { useText } from "../text/language.ts";
import { Panel } from "../ui/fields.tsx";
import { Ago } from "../ui/instant.tsx";
import { StateIcon } from "../ui/state-icon.tsx";

export function StoragePanel({ status }: { readonly status: StatusView }): JSX.Element {
  const t = useText();
  const isOpen = status.gate === "open";
  return (
    <Panel title={t.storage.title} className="storage">
      <p className={isOpen ? "gate good-text" : "gate held-text"} data-testid="gate">
        <StateIcon shape={isOpen ? "lock-open" : "snowflake"} />
        <strong>
          {t.storage.gate} {isOpen ? t.storage.open : t.storage.frozen}
        </strong>
        <span className="dim small">
          <Ago at={status.gateSince} />
        </span>
      </p>
      <dl className="pairs">
        <dt>{t.storage.inUse}</dt>
        <dd>
          {status.inUse.length === 0 ? (
            <span className="dim">{t.storage.nothing}</span>
          ) : (
            <List items={status.inUse} />
          )}
        </dd>
      </dl>
      {!isOpen && <p className="small dim">{t.storage.explain}</p>}
    </Panel>
  );
}

export function List({ items }: { readonly items: readonly string[] }): JSX.Element {
  return (
    <ul className="plain">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
