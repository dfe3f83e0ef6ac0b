/** Asks every device of a node for its status, and shows who answered. Cuts nothing: no question before it. */
import type { JSX } from "react";
import { useAsk } from "../live/ask.ts";
import { useMay } from "../live/session.ts";
import { daemon } from "../live/transport.ts";
import { formatTook } from "../text/format.ts";
import { useLanguage, useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Outcome } from "../ui/outcome.tsx";
import { StateIcon } from "../ui/state-icon.tsx";

interface Props {
  readonly name: string;
  readonly from: string;
}

export function CheckPanel({ name, from }: Props): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const [asked, ask] = useAsk<Awaited<ReturnType<typeof daemon.check>>>();
  const mayAct = useMay("operator");
  return (
    <div className="check-panel">
      <Button
        isDisabled={!mayAct || asked.type === "asking"}
        title={mayAct ? t.check.what : t.action.notAllowed(t.roles.operator)}
        onPress={() => void ask(() => daemon.check({ name }))}
      >
        {t.check.button}
      </Button>
      <CommandHint command={`bouncer check ${name}`} />
      <Outcome asked={asked}>
        {({ devices }) =>
          devices.length === 0 ? (
            <p className="dim">{t.check.none}</p>
          ) : (
            <table aria-label={t.check.table}>
              <thead>
                <tr>
                  <th scope="col">{t.check.method}</th>
                  <th scope="col">{t.table.device}</th>
                  <th scope="col">{t.check.power}</th>
                  <th scope="col">{t.table.took}</th>
                  <th scope="col">{t.table.result}</th>
                </tr>
              </thead>
              <tbody>
                {devices.map((device) => (
                  <tr key={`${device.method}-${device.device}`}>
                    <td>{device.methodName}</td>
                    <td>{device.deviceName}</td>
                    <td>{t.check.powers[device.power]}</td>
                    <td>{formatTook(device.tookMs, language)}</td>
                    <td className={device.ok ? "good-text" : "bad-text"}>
                      <StateIcon shape={device.ok ? "check" : "cross"} />
                      {device.ok ? t.check.ok : <span lang="en">{device.detail}</span>}
                    </td>
                  </tr>
                ))}
              </tbody>
              <caption className="small dim">{t.check.from(from)}</caption>
            </table>
          )
        }
      </Outcome>
    </div>
  );
}
