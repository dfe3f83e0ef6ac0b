/** One question: what happens, whether it can be undone, the verb on the button, Cancel in focus. */
import { type JSX, type ReactNode, useEffect, useRef } from "react";
import { useAsk } from "../live/ask.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Outcome } from "../ui/outcome.tsx";

interface Props<T> {
  readonly title: string;
  readonly what: string;
  /** What has to be chosen before. */
  readonly choice?: ReactNode;
  readonly verb: string;
  readonly command?: string;
  readonly onConfirm: () => Promise<T>;
  readonly onClose: () => void;
  readonly children?: (value: T) => ReactNode;
}

export function ConfirmDialog<T>({
  title,
  what,
  choice,
  verb,
  command,
  onConfirm,
  onClose,
  children,
}: Props<T>): JSX.Element {
  const t = useText();
  const [asked, ask] = useAsk<T>();
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => cancel.current?.focus(), []);
  const isDone = asked.type === "done";
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{what}</p>
      {!isDone && choice}
      {command !== undefined && <CommandHint command={command} />}
      <Outcome asked={asked}>{(value) => children?.(value) ?? t.action.done}</Outcome>
      <div className="buttons">
        <Button onPress={onClose} buttonRef={cancel}>
          {isDone ? t.action.close : t.action.cancel}
        </Button>
        {!isDone && (
          <Button kind="primary" isDisabled={asked.type === "asking"} onPress={() => void ask(onConfirm)}>
            {verb}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
