/** People, tokens and who changed what. For administrators. */
import { type JSX, useState } from "react";
import { ROLES, type Role } from "../../../src/api/access.ts";
import { PASSWORD_CHARS_MIN } from "../../../src/api/console.ts";
import { useAsk, useFetched } from "../live/ask.ts";
import { useMay, useSession } from "../live/session.ts";
import { server } from "../live/transport.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { TokenPanel } from "../parts/token-panel.tsx";
import { formatDay } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Field, Panel, Select } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { Table } from "../ui/table.tsx";

export function Access(): JSX.Element {
  const t = useText();
  const isAdmin = useMay("admin");
  if (!isAdmin) return <p>{t.action.notAllowed(t.roles.admin)}</p>;
  return (
    <>
      <div className="two">
        <People />
        <TokenPanel />
      </div>
      <AuditPanel />
    </>
  );
}

function People(): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const { session } = useSession();
  const [changes, setChanges] = useState(0);
  const [removing, setRemoving] = useState<string>();
  const users = useFetched(() => server.users(), changes);
  const onChanged = (): void => setChanges((old) => old + 1);
  const known = users.type === "done" ? users.value.users : [];
  return (
    <Panel title={t.access.people}>
      <p className="small dim">{t.access.ofNode(session.node)}</p>
      {known.length > 0 && (
        <Table
          label={t.access.people}
          columns={[t.signIn.user, t.access.role, t.access.lastSeen, t.node.actions]}
        >
          {known.map((user) => (
            <tr key={user.name}>
              <td>{user.name}</td>
              <td>{t.roles[user.role]}</td>
              <td>{user.lastSeenAt === undefined ? t.access.never : formatDay(user.lastSeenAt, language)}</td>
              <td>
                <Button
                  kind="quiet"
                  label={t.access.removeTitle(user.name)}
                  onPress={() => setRemoving(user.name)}
                >
                  {t.access.remove}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <AddPerson onAdded={onChanged} />
      {removing !== undefined && (
        <ConfirmDialog
          title={t.access.removeTitle(removing)}
          what={t.access.removeWhat}
          verb={t.access.remove}
          command={`bouncer user remove ${removing}`}
          onConfirm={async () => {
            await server.userRemove({ user: removing });
            onChanged();
          }}
          onClose={() => setRemoving(undefined)}
        />
      )}
    </Panel>
  );
}

function AddPerson({ onAdded }: { readonly onAdded: () => void }): JSX.Element {
  const t = useText();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [password, setPassword] = useState("");
  const [asked, ask] = useAsk<string>();
  const add = async (): Promise<string> => {
    await server.userAdd({ name, role, password });
    setName("");
    setPassword("");
    onAdded();
    return name;
  };
  return (
    <details className="add">
      <summary>{t.access.add}</summary>
      <Field label={t.signIn.user} value={name} onChange={setName} maxLength={64} />
      <Select<Role>
        label={t.access.role}
        value={role}
        onChange={setRole}
        options={ROLES.map((one) => [one, t.roles[one]] as const)}
      />
      <Field
        label={t.signIn.password}
        hint={t.ack.short(PASSWORD_CHARS_MIN)}
        value={password}
        onChange={setPassword}
        type="password"
        autoComplete="new-password"
      />
      <CommandHint command={`bouncer user add ${name === "" ? "NAME" : name} --role ${role}`} />
      <Outcome asked={asked}>{(added) => <p>{t.access.added(added)}</p>}</Outcome>
      <div className="buttons start">
        <Button
          kind="primary"
          isDisabled={name === "" || password.length < PASSWORD_CHARS_MIN || asked.type === "asking"}
          onPress={() => void ask(add)}
        >
          {t.access.add}
        </Button>
      </div>
    </details>
  );
}

function AuditPanel(): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const [limit, setLimit] = useState(30);
  const audit = useFetched(() => server.audit({ limit }), limit);
  const records = audit.type === "done" ? audit.value.records : [];
  return (
    <Panel title={t.access.audit}>
      <Table
        label={t.access.audit}
        columns={[t.table.when, t.config.who, t.table.from, t.access.what, t.table.result]}
      >
        {records.map((one) => (
          <tr key={one.seq}>
            <td>{formatDay(one.at, language)}</td>
            <td>{one.who}</td>
            <td>{one.from}</td>
            <td>
              {one.what} <span className="small dim">{argsText(one.args)}</span>
            </td>
            <td className={one.result === "done" ? "" : "warn-text"}>
              {one.result === undefined ? t.action.working : t.access.results[one.result]} {one.code}
            </td>
          </tr>
        ))}
      </Table>
      {audit.type === "done" && audit.value.next !== undefined && (
        <Button onPress={() => setLimit((old) => Math.min(500, old + 100))}>{t.incidents.more}</Button>
      )}
    </Panel>
  );
}

function argsText({ by: _, ...args }: Readonly<Record<string, unknown>>): string {
  return Object.entries(args)
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ")
    .slice(0, 120);
}
