/** What to type for the same thing: the page teaches the command line. */
import { type JSX, useState } from "react";
import { useText } from "../text/language.ts";
import { Button } from "./button.tsx";

export function CommandHint({ command }: { readonly command: string }): JSX.Element {
  const t = useText();
  return (
    <div className="command-hint">
      <span className="dim">{t.action.cli}</span>
      <Command command={command} />
    </div>
  );
}

export function Command({ command }: { readonly command: string }): JSX.Element {
  const t = useText();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(command).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <span className="command">
      <code translate="no">{command}</code>
      <Button kind="quiet" onPress={copy} label={`${t.action.copy}: ${command}`}>
        {copied ? t.action.copied : t.action.copy}
      </Button>
    </span>
  );
}

/** A word for the shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
