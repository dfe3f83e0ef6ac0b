import { type FormEvent, type JSX, useState } from "react";
import type { SessionReply } from "../../../src/api/console.ts";
import { refusalOf } from "../live/ask.ts";
import { server } from "../live/transport.ts";
import { SettingsMenu } from "../parts/settings-menu.tsx";
import { useText } from "../text/language.ts";
import { Command } from "../ui/command.tsx";
import { Field } from "../ui/fields.tsx";

interface Props {
  readonly node: string;
  /** Why the person stands here again. */
  readonly reason: "fresh" | "link-over" | "ended" | "unreachable";
  readonly onSignedIn: (session: SessionReply) => void;
}

export function SignIn({ node, reason, onSignedIn }: Props): JSX.Element {
  const t = useText();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState<string>();

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      onSignedIn(await server.signIn({ user, password }));
    } catch (error) {
      setCode(refusalOf(error).code);
    } finally {
      setBusy(false);
    }
  }

  const complaints: Readonly<Record<string, string>> = {
    API_WRONG_PASSWORD: t.signIn.wrong,
    API_TOO_MANY: t.signIn.tooMany,
    IPC_UNREACHABLE: t.signIn.unreachable,
  };
  return (
    <main className="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <p className="brand">{t.product}</p>
        <h1>{t.signIn.title(node)}</h1>
        {reason === "ended" && <p>{t.signIn.ended}</p>}
        {reason === "unreachable" && <p className="bad-text">{t.signIn.unreachable}</p>}
        {reason === "link-over" && <p className="warn-text">{t.signIn.linkOver}</p>}
        <Field label={t.signIn.user} value={user} onChange={setUser} autoComplete="username" />
        <Field
          label={t.signIn.password}
          value={password}
          onChange={setPassword}
          type="password"
          autoComplete="current-password"
        />
        <p role="alert" className="bad-text">
          {code === undefined ? "" : (complaints[code] ?? code)}
        </p>
        <button type="submit" className="button primary" disabled={busy || user === "" || password === ""}>
          {busy ? t.signIn.busy : t.signIn.submit}
        </button>
        <p className="small dim">{t.signIn.byShell}</p>
        <Command command="bouncer console" />
        <SettingsMenu />
      </form>
    </main>
  );
}
