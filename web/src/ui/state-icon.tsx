/** A shape for each state: it has to be told apart without colour, and at a glance. */
import type { JSX } from "react";

export type Shape =
  | "dot"
  | "slash"
  | "ring"
  | "dashed"
  | "plug"
  | "plug-check"
  | "person"
  | "hollow"
  | "barred"
  | "question"
  | "snowflake"
  | "lock-open"
  | "check"
  | "cross"
  | "warning";

const PATHS: Readonly<Record<Shape, JSX.Element>> = {
  dot: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  slash: (
    <>
      <circle cx="8" cy="8" r="5.5" fill="none" strokeWidth="2" />
      <path d="M4.2 11.8 11.8 4.2" strokeWidth="2" />
    </>
  ),
  ring: <circle cx="8" cy="8" r="5.2" fill="none" strokeWidth="2.4" />,
  dashed: <circle cx="8" cy="8" r="5.5" fill="none" strokeWidth="2" strokeDasharray="3 2.3" />,
  plug: (
    <>
      <path d="M4 6h8v2.5a4 4 0 0 1-8 0z" fill="currentColor" stroke="none" />
      <path d="M5.8 2v4M10.2 2v4M8 12v3" strokeWidth="1.8" />
    </>
  ),
  "plug-check": (
    <>
      <path d="M2 6h7v2.2a3.5 3.5 0 0 1-7 0z" fill="currentColor" stroke="none" />
      <path d="M3.6 2.4V6M7.4 2.4V6M5.5 11.5V14.6" strokeWidth="1.6" />
      <path d="m9.6 12 1.9 1.9 3.4-4.2" fill="none" strokeWidth="1.8" />
    </>
  ),
  person: (
    <>
      <circle cx="8" cy="4.8" r="2.8" fill="currentColor" stroke="none" />
      <path d="M2.8 14.5a5.2 5.2 0 0 1 10.4 0z" fill="currentColor" stroke="none" />
    </>
  ),
  hollow: <circle cx="8" cy="8" r="5.5" fill="none" strokeWidth="1.4" />,
  barred: (
    <>
      <circle cx="8" cy="8" r="5.5" fill="none" strokeWidth="2" />
      <path d="M4.5 8h7" strokeWidth="2.4" />
    </>
  ),
  question: (
    <>
      <path d="M5.2 5.6A2.8 2.8 0 1 1 8 8.6v1.2" fill="none" strokeWidth="2" />
      <circle cx="8" cy="13" r="1.2" fill="currentColor" stroke="none" />
    </>
  ),
  snowflake: (
    <path
      d="M8 1.5v13M2.4 4.75l11.2 6.5M13.6 4.75 2.4 11.25M6 2.6l2 1.6 2-1.6M6 13.4l2-1.6 2 1.6"
      fill="none"
      strokeWidth="1.5"
    />
  ),
  "lock-open": (
    <>
      <rect x="3" y="7.5" width="10" height="6.5" rx="1.4" fill="currentColor" stroke="none" />
      <path d="M5.2 7.5V5a2.8 2.8 0 0 1 5.4-1" fill="none" strokeWidth="1.8" />
    </>
  ),
  check: <path d="m3 8.5 3.4 3.4L13 4.8" fill="none" strokeWidth="2.4" />,
  cross: <path d="m4 4 8 8M12 4l-8 8" fill="none" strokeWidth="2.4" />,
  warning: (
    <>
      <path d="M8 1.8 15 14H1z" fill="none" strokeWidth="1.6" strokeLinejoin="round" />
      <path d="M8 6v4" strokeWidth="1.8" />
      <circle cx="8" cy="12" r="1" fill="currentColor" stroke="none" />
    </>
  ),
};

export function StateIcon({ shape }: { readonly shape: Shape }): JSX.Element {
  return (
    <svg className="icon" viewBox="0 0 16 16" stroke="currentColor" strokeLinecap="round" aria-hidden="true">
      {PATHS[shape]}
    </svg>
  );
}
