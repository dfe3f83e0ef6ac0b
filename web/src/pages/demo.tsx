/** Only in the demo: makes every kind of trouble, so that the other pages have something to show. */
import { type JSX, useState } from "react";
import type { DemoRequest } from "../../../src/api/demo.ts";
import { useAsk, useFetched } from "../live/ask.ts";
import { useMay } from "../live/session.ts";
import { useLive } from "../live/store.ts";
import { server } from "../live/transport.ts";
import type { Catalogue } from "../text/catalogue.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/fields.tsx";
import { Outcome } from "../ui/outcome.tsx";

type Trouble = readonly [text: string, request: DemoRequest];

function troublesOf(node: string, d: Catalogue["demo"]): readonly (readonly [string, readonly Trouble[]])[] {
  const fault = (type: "none" | "fails" | "hangs" | "lies"): DemoRequest => ({
    op: "device",
    node,
    fault: { type },
  });
  return [
    [
      d.group.network,
      [
        [d.cut, { op: "cut", node }],
        [d.heal, { op: "heal", node }],
      ],
    ],
    [
      d.group.power,
      [
        [d.crash, { op: "crash", node }],
        [d.powerOn, { op: "power", node, state: "on" }],
      ],
    ],
    [
      d.group.system,
      [
        [d.hang, { op: "hang", node }],
        [d.resume, { op: "resume", node }],
      ],
    ],
    [
      d.group.daemon,
      [
        [d.daemonCrash, { op: "daemon-crash", node }],
        [d.daemonStart, { op: "daemon-start", node }],
      ],
    ],
    [
      d.group.device,
      [
        [d.works, fault("none")],
        [d.fails, fault("fails")],
        [d.hangs, fault("hangs")],
        [d.lies, fault("lies")],
      ],
    ],
    [
      d.group.disk,
      [
        [d.freezeDisk, { op: "freeze-disk", node }],
        [d.thawDisk, { op: "thaw-disk", node }],
      ],
    ],
  ];
}

export function DemoPage(): JSX.Element | null {
  const t = useText();
  const { status } = useLive();
  const mayAct = useMay("operator");
  const [asked, ask] = useAsk<string>();
  const [count, setCount] = useState(0);
  const described = useFetched(() => server.demo({ op: "describe" } as never), count);
  if (status === undefined) return null;
  if (!mayAct) return <p>{t.action.notAllowed(t.roles.operator)}</p>;
  const perform = (node: string, [text, request]: Trouble): void =>
    void ask(async () => {
      await server.demo(request as never);
      setCount((old) => old + 1);
      return t.demo.done(text, node);
    });
  const powers = described.type === "done" ? described.value.nodes : [];
  return (
    <>
      <Panel title={t.demo.title}>
        <p>{t.demo.what}</p>
        <Button onPress={() => perform("", [t.demo.healAll, { op: "heal-all" }])}>{t.demo.healAll}</Button>
        <Outcome asked={asked}>{(text) => <p>{text}</p>}</Outcome>
      </Panel>
      <div className="cards">
        {status.nodes.map((node) => (
          <Panel
            key={node.id}
            title={node.name}
            aside={
              <span className="dim small">
                {t.demo.power}:{" "}
                {powers.find((one) => one.name === node.name)?.power === "off" ? t.demo.off : t.demo.on}
              </span>
            }
          >
            {node.id === status.nodeId && <p className="small dim">{t.demo.own}</p>}
            {troublesOf(node.name, t.demo).map(([group, troubles]) => (
              <fieldset key={group} className="troubles">
                <legend>{group}</legend>
                {troubles.map((trouble) => (
                  <Button
                    key={trouble[0]}
                    label={`${node.name}: ${trouble[0]}`}
                    onPress={() => perform(node.name, trouble)}
                  >
                    {trouble[0]}
                  </Button>
                ))}
              </fieldset>
            ))}
          </Panel>
        ))}
      </div>
    </>
  );
}
