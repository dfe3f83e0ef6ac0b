import type { JSX } from "react";
import type { Steps } from "../live/stepwise.ts";

export function Progress({ label, steps }: { readonly label: string; readonly steps: Steps }): JSX.Element {
  return (
    <p role="status">
      <progress value={steps.done} max={steps.all} aria-label={label} /> {steps.done}/{steps.all}
    </p>
  );
}
