/** Judges imports: the law, cycles, barrels, default exports. Each check returns its complaints. */
import { posix } from "node:path";
import { EXCEPTIONS, type FolderLaw, LAW, TESTS } from "./import-law.ts";
import { blanked, computedImports, importsOf } from "./source.ts";

/** Path from the root of the checkout → text. */
export type Sources = ReadonlyMap<string, string>;

export function lawBreaches(sources: Sources): string[] {
  return [...sources].flatMap(([file, source]) => [
    ...computedImports(source).map((line) => `${file}:${line} imports something that is computed`),
    ...importsOf(source).flatMap(({ specifier, line }) => {
      const problem = breach(file, specifier);
      return problem === undefined ? [] : [`${file}:${line} ${problem}`];
    }),
  ]);
}

function breach(file: string, specifier: string): string | undefined {
  const folder = folderOf(file);
  const law = LAW[folder];
  if (law === undefined) return `is in src/${folder}, which test/tidy/import-law.ts does not know`;
  const laws = file.endsWith(".test.ts") ? [law, TESTS] : [law];
  if (specifier.startsWith("node:")) {
    return laws.some(({ node }) => node === "yes")
      ? undefined
      : `imports ${specifier}, but ${folder} is pure`;
  }
  if (!specifier.startsWith(".")) {
    const name = packageOf(specifier);
    return laws.some(({ packages }) => allows(packages, name)) ? undefined : `imports the package ${name}`;
  }
  const target = posix.join(posix.dirname(file), specifier);
  if (!target.startsWith("src/")) return `imports ${target}, outside src`;
  if (!target.endsWith(".ts")) return `imports ${specifier}: name the file with its .ts`;
  const other = folderOf(target);
  if (other === folder || laws.some(({ folders }) => allows(folders, other))) return undefined;
  if (EXCEPTIONS.some((exception) => exception.file === file && exception.folder === other)) return undefined;
  return `imports ${target}: ${folder} may not import ${other}`;
}

function folderOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function allows(list: FolderLaw["folders"], name: string): boolean {
  return list === "any" || list.includes(name);
}

/** Exceptions whose file no longer makes use of them: the list must not outlive its reasons. */
export function idleExceptions(sources: Sources): string[] {
  return EXCEPTIONS.filter(({ file, folder }) => {
    const targets = importsOf(sources.get(file) ?? "").map(({ specifier }) =>
      posix.join(posix.dirname(file), specifier),
    );
    return !targets.some((target) => target.startsWith(`src/${folder}/`));
  }).map(({ file, folder }) => `${file} does not import ${folder}`);
}

/** Cycles among files, type imports included: each names the way around. */
export function cycles(sources: Sources): string[] {
  const found: string[] = [];
  const state = new Map<string, "open" | "done">();
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push([...path.slice(path.indexOf(file)), file].join(" -> "));
      return;
    }
    state.set(file, "open");
    for (const { specifier } of importsOf(sources.get(file) ?? "")) {
      if (specifier.startsWith(".")) visit(posix.join(posix.dirname(file), specifier), [...path, file]);
    }
    state.set(file, "done");
  };
  for (const file of sources.keys()) visit(file, []);
  return found;
}

/** Files that only pass on what others export: they hide who depends on whom. */
export function barrels(sources: Sources): string[] {
  return [...sources].flatMap(([file, source]) => {
    const named = /(^|\/)index\.ts$/.test(file);
    return named || importsOf(source).some((one) => one.reExport)
      ? [`${file} re-exports or is an index`]
      : [];
  });
}

export function defaultExports(sources: Sources): string[] {
  return [...sources].flatMap(([file, source]) => {
    const code = blanked(source, "code");
    const has = /(?<![\w$.])export\s+default\b|\bas\s+default\b/.test(code);
    return has ? [`${file} has a default export`] : [];
  });
}
