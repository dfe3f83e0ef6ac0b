/** The daemon's own core in this browser, in virtual time, on this cluster's configuration. Touches nothing. */
import { type JSX, useMemo, useState } from "react";
import type { StatusView } from "../../../src/core/view/types.ts";
import { useFetched } from "../live/ask.ts";
import { useLive } from "../live/store.ts";
import { daemon } from "../live/transport.ts";
import { readConfig } from "../logic/read-config.ts";
import { CoveragePanel } from "../parts/coverage-panel.tsx";
import { StoryPanel } from "../parts/story-panel.tsx";
import { WhatIfPanel } from "../parts/what-if-panel.tsx";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { Outcome } from "../ui/outcome.tsx";

type Kind = "what-if" | "coverage" | "story";

export function Simulator(): JSX.Element | null {
  const { status } = useLive();
  return status === undefined ? null : <Playground status={status} />;
}

function Playground({ status }: { readonly status: StatusView }): JSX.Element {
  const t = useText();
  const [kind, setKind] = useState<Kind>("what-if");
  const fetched = useFetched(() => daemon.configText({ of: "in-force" }), status.configVersion);
  const text = fetched.type === "done" ? fetched.value.text : undefined;
  const played = useMemo(() => (text === undefined ? undefined : readConfig(text)), [text]);
  const kinds: readonly (readonly [Kind, string])[] = [
    ["what-if", t.sim.whatIf],
    ["coverage", t.sim.coverage],
    ["story", t.sim.story],
  ];
  return (
    <>
      <p className="dim">{t.sim.what}</p>
      <div className="buttons start">
        {kinds.map(([one, title]) => (
          <Button key={one} kind={one === kind ? "primary" : "plain"} onPress={() => setKind(one)}>
            {title}
          </Button>
        ))}
      </div>
      {fetched.type === "refused" && <Outcome asked={fetched} />}
      {kind === "story" && <StoryPanel />}
      {played !== undefined && kind === "what-if" && <WhatIfPanel played={played} />}
      {played !== undefined && kind === "coverage" && <CoveragePanel played={played} />}
      {text !== undefined && played === undefined && <p className="bad-text">{t.sim.unreadable}</p>}
    </>
  );
}
