/**
 * The most dangerous form of the page: a person's word releases the storage. It shows what the cluster
 * knows, blocks while that contradicts, asks how the person knows, and looks again until the end.
 */
import { type JSX, useEffect, useState } from "react";
import { NAME_CHARS_MAX, STATEMENT_CHARS_MAX } from "../../../src/api/words.ts";
import { useAsk } from "../live/ask.ts";
import { useServerNow } from "../live/clock.ts";
import { useSession } from "../live/session.ts";
import { useLive } from "../live/store.ts";
import { daemon } from "../live/transport.ts";
import { DETAILS_CHARS_MIN, type HowOff, statementOf } from "../logic/statement.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint, quoted } from "../ui/command.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Choice, Field } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { Known, knownOf } from "./known.tsx";

/** Units: s. Time to read once more. */
const COUNTDOWN_S = 10;

interface Props {
  readonly name: string;
  readonly onClose: () => void;
}

export function AckDialog({ name, onClose }: Props): JSX.Element {
  const t = useText();
  const { status } = useLive();
  const { session } = useSession();
  const now = useServerNow();
  const [how, setHow] = useState<HowOff>();
  const [details, setDetails] = useState("");
  const [second, setSecond] = useState("");
  const [serial, setSerial] = useState("");
  const [typed, setTyped] = useState("");
  const left = useCountdown(COUNTDOWN_S);
  const [asked, ask] = useAsk<{ readonly victimsLeft: readonly number[] }>();

  const victim = status?.victims.find((one) => one.name === name);
  // What a person says is about the failure that was there when the form was opened.
  const [meant] = useState(victim?.firstSeenAt);
  const statement = how === undefined ? "" : statementOf({ how, details, second, serial });
  const isComplete = how !== undefined && details.trim().length >= DETAILS_CHARS_MIN && typed === name;
  const known = status === undefined || victim === undefined ? undefined : knownOf(status, victim, now);
  const isBlocked = known === undefined || known.contradictions.length > 0;
  const isDone = asked.type === "done";

  return (
    <Dialog title={t.ack.title(name)} tone="danger" onClose={onClose}>
      <p className="danger-text">{t.ack.risk(name)}</p>
      {known !== undefined && <Known known={known} name={name} />}
      {!isDone && (
        <>
          <Choice
            label={t.ack.how}
            value={how}
            onChange={setHow}
            options={(Object.keys(t.ack.hows) as HowOff[]).map((key) => [key, t.ack.hows[key]] as const)}
          />
          <Field
            label={t.ack.details}
            hint={t.ack.detailsHint}
            value={details}
            onChange={setDetails}
            lines={2}
            maxLength={300}
          />
          <Field label={t.ack.second} value={second} onChange={setSecond} maxLength={64} />
          <Field label={t.ack.identity} value={serial} onChange={setSerial} maxLength={64} />
          <Field
            label={t.action.typeName(name)}
            value={typed}
            onChange={setTyped}
            maxLength={NAME_CHARS_MAX}
          />
          <p className="small dim">{t.ack.certificate}</p>
          <CommandHint
            command={`bouncer ack ${name} --statement ${quoted(statement)} --yes-it-is-off ${name}`}
          />
        </>
      )}
      <Outcome asked={asked}>
        {({ victimsLeft }) => (
          <p>
            {t.ack.done(name)} {victimsLeft.length > 0 && t.ack.left(victimsLeft.length)}
          </p>
        )}
      </Outcome>
      {!isDone && !isComplete && <p className="small dim">{t.ack.missing}</p>}
      <div className="buttons">
        <Button onPress={onClose}>{isDone ? t.action.close : t.action.cancel}</Button>
        {!isDone && (
          <Button
            kind="danger"
            isDisabled={isBlocked || !isComplete || left > 0 || asked.type === "asking"}
            onPress={() =>
              void ask(() =>
                daemon.ack({
                  name,
                  by: session.user ?? "",
                  statement: statement.slice(0, STATEMENT_CHARS_MAX),
                  ...(meant === undefined ? {} : { firstSeenAt: meant }),
                }),
              )
            }
          >
            {left > 0 ? t.ack.countdown(left) : t.ack.confirm(name)}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function useCountdown(seconds: number): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = window.setInterval(() => setLeft((old) => Math.max(0, old - 1)), 1_000);
    return () => clearInterval(timer);
  }, []);
  return left;
}
