/** Reads TypeScript far enough to judge it: what is code, what is comment or text, what is imported. */

export interface Import {
  readonly specifier: string;
  /** Erased before it runs: `import type`, `export type … from`. */
  readonly typeOnly: boolean;
  /** `export … from`. */
  readonly reExport: boolean;
  readonly line: number;
}

export type Keep = "strings" | "code";

/**
 * The source with comments (and, with `keep: "code"`, the insides of strings and regular
 * expressions too) turned into spaces. Line breaks stay, so that line numbers do.
 */
export function blanked(source: string, keep: Keep): string {
  let out = "";
  let at = 0;
  /** Open braces of each template literal that we are inside of. */
  const templates: number[] = [];

  const copy = (end: number): void => {
    out += source.slice(at, end);
    at = end;
  };
  const blank = (end: number): void => {
    out += source.slice(at, end).replace(/[^\n]/g, " ");
    at = end;
  };
  const text = (end: number): void => {
    if (keep === "strings") copy(end);
    else {
      copy(Math.min(at + 1, end));
      blank(Math.max(end - 1, at));
      copy(end);
    }
  };

  while (at < source.length) {
    const rest = source.slice(at, at + 2);
    const char = source[at];
    if (rest === "//") blank(endOf(source, "\n", at));
    else if (rest === "/*") blank(endOf(source, "*/", at + 2) + 2);
    else if (char === '"' || char === "'") text(endOfQuoted(source, at, char));
    else if (char === "/" && regexMayBegin(out)) text(endOfRegex(source, at));
    else if (char === "`" || (char === "}" && templates.at(-1) === 0)) {
      if (char === "}") templates.pop();
      const end = endOfTemplatePart(source, at + 1);
      text(end);
      if (source[end - 1] === "{") templates.push(0);
    } else {
      const depth = templates.length - 1;
      if (depth >= 0 && char === "{") templates[depth] = (templates[depth] ?? 0) + 1;
      if (depth >= 0 && char === "}") templates[depth] = (templates[depth] ?? 0) - 1;
      copy(at + 1);
    }
  }
  return out;
}

function endOf(source: string, mark: string, from: number): number {
  const end = source.indexOf(mark, from);
  return end < 0 ? source.length : end;
}

function endOfQuoted(source: string, from: number, quote: string): number {
  for (let at = from + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === quote || source[at] === "\n") return at + 1;
  }
  return source.length;
}

/** Ends behind the closing backtick, or behind the `{` of `${`. */
function endOfTemplatePart(source: string, from: number): number {
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "`") return at + 1;
    else if (source[at] === "$" && source[at + 1] === "{") return at + 2;
  }
  return source.length;
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < source.length; at++) {
    const char = source[at];
    if (char === "\\") at++;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "\n" || (char === "/" && !inClass)) return at + 1;
  }
  return source.length;
}

/** A slash divides behind a value and begins a regular expression behind anything else. */
function regexMayBegin(before: string): boolean {
  const code = before.trimEnd();
  if (/\b(?:return|typeof|case|in|of|throw|await|yield)$/.test(code)) return true;
  return code === "" || /[(,=:[!&|?{};+\-*%<>~^]$/.test(code);
}

const FROM = /(?<![\w$.])(import|export)\s+(type\s)?((?:[\w$*\s,]|\{[^}]*\})*?)\bfrom\s*(["'])([^"'\n]+)\4/g;
const BARE = /(?<![\w$.])import\s*\(?\s*(["'])([^"'\n]+)\1/g;

/** Everything that a file imports, dynamic imports of a literal included. Sorted by line. */
export function importsOf(source: string): Import[] {
  const code = blanked(source, "strings");
  const bare = blanked(source, "code");
  const lineAt = (index: number): number => code.slice(0, index).split("\n").length;
  /** An import that stands in a string is text. */
  const isCode = (match: RegExpExecArray): boolean => bare[match.index] !== " ";
  const found: Import[] = [];
  for (const match of [...code.matchAll(FROM)].filter(isCode)) {
    const names = match[3] ?? "";
    const typeOnly = match[2] !== undefined || everyNameIsType(names);
    found.push({
      specifier: match[5] ?? "",
      typeOnly,
      reExport: match[1] === "export",
      line: lineAt(match.index),
    });
  }
  for (const match of [...code.matchAll(BARE)].filter(isCode)) {
    found.push({ specifier: match[2] ?? "", typeOnly: false, reExport: false, line: lineAt(match.index) });
  }
  return found.sort((a, b) => a.line - b.line);
}

function everyNameIsType(names: string): boolean {
  const inside = /^\s*\{([^}]*)\}\s*$/.exec(names)?.[1];
  const all = inside?.split(",").filter((name) => name.trim() !== "");
  return all !== undefined && all.length > 0 && all.every((name) => name.trim().startsWith("type "));
}

/** Lines with `import(` of something that is no literal: nobody can tell what it brings in. */
export function computedImports(source: string): number[] {
  const code = blanked(source, "strings");
  const found = [...code.matchAll(/(?<![\w$.])import\s*\(\s*(?!["'\s])/g)];
  return found.map((match) => code.slice(0, match.index).split("\n").length);
}
