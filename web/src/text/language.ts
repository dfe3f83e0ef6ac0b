/** The language of the page: chosen, or the browser's. Every string comes from a catalogue. */
import { useSyncExternalStore } from "react";
import type { Catalogue, Language } from "./catalogue.ts";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, ru };
const KEY = "bouncer-language";
const listeners = new Set<() => void>();

function chosen(): Language {
  const kept = localStorage.getItem(KEY);
  if (kept === "en" || kept === "ru") return kept;
  return navigator.languages.some((tag) => tag.startsWith("ru")) ? "ru" : "en";
}

let language: Language = chosen();
document.documentElement.lang = language;

export function setLanguage(wanted: Language): void {
  language = wanted;
  localStorage.setItem(KEY, wanted);
  document.documentElement.lang = wanted;
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );
}

export function useText(): Catalogue {
  return CATALOGUES[useLanguage()];
}
