/** Plays a story as the command line does, byte for byte: `bouncer simulate FILE`. */
import { type JSX, useState } from "react";
import { playScenario } from "../../../src/sim/scenario.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { CommandHint } from "../ui/command.tsx";
import { Field, Panel } from "../ui/fields.tsx";

const EXAMPLE = "cluster nodes=3\n\nboot 1,2,3\n\nrun 10s\n\ncut 2\n\nrun 30s\n";
/** Units: characters. */
const STORY_CHARS_MAX = 20_000;

export function StoryPanel(): JSX.Element {
  const t = useText();
  const [story, setStory] = useState(EXAMPLE);
  const [played, setPlayed] = useState<string>();
  return (
    <Panel title={t.sim.story}>
      <Field
        label={t.sim.commands}
        hint={t.sim.storyHint}
        value={story}
        onChange={setStory}
        lines={12}
        maxLength={STORY_CHARS_MAX}
      />
      <div className="buttons start">
        <Button kind="primary" onPress={() => setPlayed(playScenario(story))}>
          {t.sim.play}
        </Button>
      </div>
      {played !== undefined && (
        <section className="diff" aria-label={t.sim.trace} tabIndex={0} data-testid="trace">
          <pre>{played}</pre>
        </section>
      )}
      <CommandHint command="bouncer simulate story.scn" />
    </Panel>
  );
}
