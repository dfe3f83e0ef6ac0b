/** Numbers, times and durations as the language writes them. */
import type { Language } from "./catalogue.ts";

const LOCALE: Readonly<Record<Language, string>> = { en: "en-GB", ru: "ru-RU" };

/** `00:41`, `12:30`, `1:02:05`: for running timers. */
export function formatTimer(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3_600 ? clock : `${Math.floor(seconds / 3_600)}:${clock}`;
}

export function formatClock(at: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { timeStyle: "medium" }).format(at);
}

/** With the zone: for whoever hovers. */
export function formatFull(at: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { dateStyle: "long", timeStyle: "long" }).format(at);
}

export function formatDay(at: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALE[language], { dateStyle: "medium", timeStyle: "short" }).format(at);
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** `3 minutes ago`. */
export function formatAgo(ms: number, language: Language): string {
  const format = new Intl.RelativeTimeFormat(LOCALE[language], { numeric: "auto", style: "short" });
  const [unit, size] = STEPS.find(([, step]) => Math.abs(ms) >= step) ?? (["second", 1_000] as const);
  return format.format(-Math.floor(ms / size), unit);
}

/** `640 ms`, `12.4 s`. */
export function formatTook(ms: number, language: Language): string {
  const number = (value: number, digits: number): string =>
    new Intl.NumberFormat(LOCALE[language], { maximumFractionDigits: digits }).format(value);
  const [milli, second] = language === "ru" ? ["мс", "с"] : ["ms", "s"];
  return ms < 1_000 ? `${number(ms, 0)} ${milli}` : `${number(ms / 1_000, 1)} ${second}`;
}

/** How long storage is held in a simulation: whole seconds, as the command line says it. */
export function formatHeld(ms: number, language: Language): string {
  return formatTook(Math.ceil(ms / 1_000) * 1_000, language);
}

/** Picks the form that the language wants for a number. */
export function plural(
  language: Language,
  n: number,
  forms: { one: string; few?: string; many: string },
): string {
  const rule = new Intl.PluralRules(LOCALE[language]).select(n);
  if (rule === "one") return forms.one;
  return rule === "few" ? (forms.few ?? forms.many) : forms.many;
}
