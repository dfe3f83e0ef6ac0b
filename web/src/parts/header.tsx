/** Where one is and can go; who one is. */
import type { JSX } from "react";
import { hrefOf, usePlace } from "../live/route.ts";
import { useMay, useSession } from "../live/session.ts";
import { useLive } from "../live/store.ts";
import { useText } from "../text/language.ts";
import { Button } from "../ui/button.tsx";
import { PAGES } from "./page-list.ts";
import { SettingsMenu } from "./settings-menu.tsx";

export function Header(): JSX.Element {
  const t = useText();
  const { status } = useLive();
  const place = usePlace();
  const { session, signOut } = useSession();
  const isAdmin = useMay("admin");
  const pages = PAGES.filter(({ only }) => only === undefined || (only === "demo" ? session.demo : isAdmin));
  return (
    <header className="top">
      <button type="button" className="skip" onClick={() => document.getElementById("content")?.focus()}>
        {t.skip}
      </button>
      <a className="brand" href={hrefOf("overview")}>
        <img src="/icon.svg" alt="" width="24" height="24" />
        {status?.cluster ?? t.product}
      </a>
      <nav aria-label={t.nav.label}>
        {pages.map(({ page, item }) => (
          <a
            key={page}
            href={hrefOf(page, page === "node" ? (place.item ?? status?.node) : item)}
            aria-current={place.page === page ? "page" : undefined}
          >
            {page === "node" ? t.nav.nodes : t.nav[page]}
          </a>
        ))}
      </nav>
      <details className="menu">
        <summary>
          {t.settings.signedInAs(session.user ?? "", session.role === undefined ? "" : t.roles[session.role])}
        </summary>
        <div>
          <SettingsMenu />
          <Button onPress={signOut}>{t.settings.signOut}</Button>
        </div>
      </details>
    </header>
  );
}
