/** Pull plugs, cut links, kill devices, and watch who survives: each tick plays the whole story anew. */
import { type JSX, useMemo, useState } from "react";
import { devicesOf, type Fault, formatFault, namesOfDevice } from "../../../src/sim/trial/faults.ts";
import { timingOf } from "../../../src/sim/trial/timing.ts";
import { whatIf } from "../../../src/sim/trial/what-if.ts";
import type { Played } from "../logic/read-config.ts";
import { useText } from "../text/language.ts";
import { CommandHint } from "../ui/command.tsx";
import { Panel } from "../ui/fields.tsx";
import { PlayedStory } from "./played-story.tsx";

interface Switch {
  readonly key: string;
  readonly fault: Fault;
  readonly option: string;
}

/** What can befall this cluster, with the words of the command line. */
function switchesOf({
  config,
  aliases,
}: Played): readonly (readonly [
  group: "silent" | "dead" | "cut" | "daemon" | "disk" | "device" | "fenced",
  readonly Switch[],
])[] {
  const perNode = (type: "silent" | "dead" | "daemon" | "disk" | "fenced", option: string): Switch[] =>
    config.nodes.map(({ id, name }) => ({
      key: `${type} ${name}`,
      fault: { type, node: id },
      option: `${option} ${name}`,
    }));
  const ids = config.nodes.map((node) => node.id);
  const cuts = config.nodes.map(({ id, name }): Switch => {
    const others = config.nodes.filter((node) => node.id !== id).map((node) => node.name);
    return {
      key: `cut ${name}`,
      fault: { type: "cut", groups: [ids.filter((one) => one !== id), [id]] },
      option: `--cut ${others.join(",")}/${name}`,
    };
  });
  const devices = devicesOf(config).map(
    (name): Switch => ({
      key: `device ${name}`,
      fault: { type: "device", devices: namesOfDevice(config, name, aliases) },
      option: `--device-down ${name}`,
    }),
  );
  return [
    ["silent", perNode("silent", "--lose")],
    ["dead", perNode("dead", "--power-cut")],
    ["cut", cuts],
    ["daemon", perNode("daemon", "--daemon-down")],
    ["disk", perNode("disk", "--disk-hang")],
    ["device", devices],
    ["fenced", perNode("fenced", "--fence")],
  ];
}

export function WhatIfPanel({ played }: { readonly played: Played }): JSX.Element {
  const t = useText();
  const { config } = played;
  const groups = useMemo(() => switchesOf(played), [played]);
  const [on, setOn] = useState<readonly string[]>([]);
  const chosen = useMemo(
    () => groups.flatMap(([, switches]) => switches).filter(({ key }) => on.includes(key)),
    [groups, on],
  );
  const story = useMemo(
    () =>
      chosen.length === 0
        ? undefined
        : whatIf(
            config,
            chosen.map(({ fault }) => fault),
            { timing: timingOf(config) },
          ),
    [config, chosen],
  );
  const toggle = (key: string): void =>
    setOn((old) => (old.includes(key) ? old.filter((one) => one !== key) : [...old, key]));
  return (
    <>
      <Panel title={t.sim.break}>
        <div className="switches">
          {groups.map(([group, switches]) => (
            <fieldset key={group}>
              <legend>{t.sim.groups[group]}</legend>
              {switches.map(({ key, fault }) => (
                <label key={key} title={formatFault(config, fault)}>
                  <input type="checkbox" checked={on.includes(key)} onChange={() => toggle(key)} />
                  {key.split(" ")[1]}
                </label>
              ))}
            </fieldset>
          ))}
        </div>
        <CommandHint command={`bouncer what-if ${chosen.map(({ option }) => option).join(" ")}`} />
      </Panel>
      {story === undefined ? (
        <p className="dim">{t.sim.choose}</p>
      ) : (
        <PlayedStory config={config} story={story} />
      )}
    </>
  );
}
