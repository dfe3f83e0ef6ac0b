/** Tokens of programs: made here, shown once, revoked here. */
import { type JSX, useState } from "react";
import { ROLES, type Role } from "../../../src/api/access.ts";
import { useAsk, useFetched } from "../live/ask.ts";
import { server } from "../live/transport.ts";
import { formatDay } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { Command, CommandHint, quoted } from "../ui/command.tsx";
import { Field, Panel, Select } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { Table } from "../ui/table.tsx";

const DAYS = ["7", "90", "365"] as const;

export function TokenPanel(): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const [changes, setChanges] = useState(0);
  const onChanged = (): void => setChanges((old) => old + 1);
  const tokens = useFetched(() => server.tokens(), changes);
  const [revoked, revoke] = useAsk<unknown>();
  const known = tokens.type === "done" ? tokens.value.tokens : [];
  return (
    <Panel title={t.access.tokens}>
      {known.length > 0 && (
        <Table
          label={t.access.tokens}
          columns={[t.access.purpose, t.access.role, t.access.ends, t.node.actions]}
        >
          {known.map((token) => (
            <tr key={token.id}>
              <td>{token.name}</td>
              <td>{t.roles[token.role]}</td>
              <td>{formatDay(token.expiresAt, language)}</td>
              <td>
                <Button
                  kind="quiet"
                  label={`${t.access.revoke}: ${token.name}`}
                  onPress={() => void revoke(() => server.tokenRevoke({ id: token.id }).then(onChanged))}
                >
                  {t.access.revoke}
                </Button>
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Outcome asked={revoked} />
      <AddToken onAdded={onChanged} />
    </Panel>
  );
}

function AddToken({ onAdded }: { readonly onAdded: () => void }): JSX.Element {
  const t = useText();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("viewer");
  const [days, setDays] = useState<(typeof DAYS)[number]>("90");
  const [asked, ask] = useAsk<string>();
  const add = async (): Promise<string> => {
    const { secret } = await server.tokenAdd({ name, role, days: Number(days) });
    setName("");
    onAdded();
    return secret;
  };
  return (
    <details className="add">
      <summary>{t.access.addToken}</summary>
      <Field label={t.access.purpose} value={name} onChange={setName} maxLength={64} />
      <Select<Role>
        label={t.access.role}
        value={role}
        onChange={setRole}
        options={ROLES.map((one) => [one, t.roles[one]] as const)}
      />
      <Select
        label={t.access.ends}
        value={days}
        onChange={setDays}
        options={DAYS.map((one) => [one, t.access.days(Number(one))] as const)}
      />
      <CommandHint
        command={`bouncer token add ${quoted(name === "" ? "NAME" : name)} --role ${role} --days ${days}`}
      />
      <Outcome asked={asked}>
        {(secret) => (
          <>
            <p>{t.access.once}</p>
            <Command command={secret} />
          </>
        )}
      </Outcome>
      <div className="buttons start">
        <Button
          kind="primary"
          isDisabled={name.trim() === "" || asked.type === "asking"}
          onPress={() => void ask(add)}
        >
          {t.access.addToken}
        </Button>
      </div>
    </details>
  );
}
