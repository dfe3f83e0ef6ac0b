/** The page: sign-in first, then the shell with the verdict on top of every page. */
import { type JSX, lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import type { SessionReply } from "../../src/api/console.ts";
import { useAge } from "./live/clock.ts";
import { type Place, usePlace } from "./live/route.ts";
import { SessionContext } from "./live/session.ts";
import { forget, useLive } from "./live/store.ts";
import { followEvents } from "./live/stream.ts";
import { server } from "./live/transport.ts";
import { Overview } from "./pages/overview.tsx";
import { SignIn } from "./pages/sign-in.tsx";
import { AgeBadge, FactLine } from "./parts/fact-line.tsx";
import { Header } from "./parts/header.tsx";
import { StaleBanner } from "./parts/stale-banner.tsx";
import { VerdictStrip } from "./parts/verdict-strip.tsx";
import { VictimNotice } from "./parts/victim-notice.tsx";
import { useText } from "./text/language.ts";

const NodePage = lazy(async () => ({ default: (await import("./pages/node.tsx")).NodePage }));
const Incidents = lazy(async () => ({ default: (await import("./pages/incidents.tsx")).Incidents }));
const Devices = lazy(async () => ({ default: (await import("./pages/devices.tsx")).Devices }));
const Configuration = lazy(async () => ({
  default: (await import("./pages/configuration.tsx")).Configuration,
}));
const Simulator = lazy(async () => ({ default: (await import("./pages/simulator.tsx")).Simulator }));
const Access = lazy(async () => ({ default: (await import("./pages/access.tsx")).Access }));
const DemoPage = lazy(async () => ({ default: (await import("./pages/demo.tsx")).DemoPage }));

type Door =
  | { readonly type: "opening" }
  | {
      readonly type: "shut";
      readonly node: string;
      readonly reason: "fresh" | "link-over" | "ended" | "unreachable";
    }
  | { readonly type: "open"; readonly session: SessionReply };

export function App(): JSX.Element {
  const [door, setDoor] = useState<Door>({ type: "opening" });
  const t = useText();
  useEffect(() => void openDoor().then(setDoor), []);
  const onEnded = useCallback(() => {
    forget();
    setDoor((old) => ({ type: "shut", node: old.type === "open" ? old.session.node : "", reason: "ended" }));
  }, []);
  if (door.type === "opening") return <p className="opening">{t.empty.loading}</p>;
  if (door.type === "shut") {
    return (
      <SignIn
        node={door.node}
        reason={door.reason}
        onSignedIn={(session) => setDoor({ type: "open", session })}
      />
    );
  }
  return <SignedIn session={door.session} onEnded={onEnded} />;
}

/** With the link from the shell, or the cookie of before, or neither. */
async function openDoor(): Promise<Door> {
  const token = /[#&]link=([\w-]+)/.exec(window.location.hash)?.[1];
  try {
    if (token !== undefined) {
      window.history.replaceState(null, "", "/#/overview"); // Not into bookmarks, not onto a screenshot.
      const session = await server.signInByLink({ token }).catch(() => undefined);
      if (session !== undefined) return { type: "open", session };
    }
    const session = await server.session();
    if (session.signedIn) return { type: "open", session };
    return { type: "shut", node: session.node, reason: token === undefined ? "fresh" : "link-over" };
  } catch {
    return { type: "shut", node: window.location.hostname, reason: "unreachable" };
  }
}

function SignedIn({
  session,
  onEnded,
}: {
  readonly session: SessionReply;
  readonly onEnded: () => void;
}): JSX.Element {
  const t = useText();
  const place = usePlace();
  const { status } = useLive();
  const { freshness } = useAge();
  useEffect(() => followEvents(onEnded), [onEnded]);
  const state = useMemo(
    () => ({ session, signOut: () => void server.signOut().then(onEnded, onEnded) }),
    [session, onEnded],
  );
  return (
    <SessionContext value={state}>
      <div className={`page ${freshness === "stale" ? "stale" : ""}`} data-freshness={freshness}>
        <Header />
        <StaleBanner />
        <div className="answer">
          <VerdictStrip />
          {status !== undefined && (
            <div className="answer-side">
              <AgeBadge node={status.node} />
              <FactLine status={status} />
            </div>
          )}
        </div>
        <main id="content" tabIndex={-1}>
          {place.page !== "overview" && <VictimNotice />}
          <Suspense fallback={<p className="dim">{t.empty.loading}</p>}>
            <Page place={place} />
          </Suspense>
        </main>
      </div>
    </SessionContext>
  );
}

function Page({ place }: { readonly place: Place }): JSX.Element {
  const t = useText();
  const { status } = useLive();
  switch (place.page) {
    case "overview":
      return <Overview />;
    case "node":
      return <NodePage name={place.item ?? status?.node ?? ""} />;
    case "incidents":
      return <Incidents item={place.item} />;
    case "devices":
      return <Devices />;
    case "configuration":
      return <Configuration />;
    case "simulator":
      return <Simulator />;
    case "access":
      return <Access />;
    case "demo":
      return <DemoPage />;
    default:
      return <p>{t.empty.notFound}</p>;
  }
}
