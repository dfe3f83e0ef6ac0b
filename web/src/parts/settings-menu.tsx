/** Language and theme: of this browser, not of the person. */
import { type JSX, useState } from "react";
import type { Language } from "../text/catalogue.ts";
import { setLanguage, useLanguage, useText } from "../text/language.ts";
import { Select } from "../ui/fields.tsx";

type Theme = "system" | "dark" | "light";
const THEME_KEY = "bouncer-theme";

function currentTheme(): Theme {
  const kept = localStorage.getItem(THEME_KEY);
  return kept === "dark" || kept === "light" ? kept : "system";
}

export function SettingsMenu(): JSX.Element {
  const t = useText();
  const language = useLanguage();
  const [theme, setTheme] = useState<Theme>(currentTheme);
  const choose = (wanted: Theme): void => {
    setTheme(wanted);
    localStorage.setItem(THEME_KEY, wanted);
    if (wanted === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = wanted;
  };
  return (
    <div className="settings">
      <Select<Language>
        label={t.settings.language}
        value={language}
        onChange={setLanguage}
        options={[
          ["en", "English"],
          ["ru", "Русский"],
        ]}
      />
      <Select<Theme>
        label={t.settings.theme}
        value={theme}
        onChange={choose}
        options={[
          ["system", t.settings.system],
          ["dark", t.settings.dark],
          ["light", t.settings.light],
        ]}
      />
    </div>
  );
}
