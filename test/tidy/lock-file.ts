/** Judges package-lock.json: what `npm ci` refuses, and what would be installed unchecked. */

export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** Dependencies without an entry. npm drops platforms that were out of reach, and then refuses its own file. */
export function missingEntries(packages: LockedPackages): string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !lookupPaths(path, name).some((place) => place in packages))
      .map((name) => `${path || "package.json"} needs ${name}, which has no entry`),
  );
}

/** Where Node would look for `name` from the package at `path`: nearest first. */
function lookupPaths(path: string, name: string): string[] {
  const parts = path === "" ? [] : path.split(/\/?node_modules\//).slice(1);
  return [...parts.keys(), parts.length].map((depth) =>
    [...parts.slice(0, depth), name].map((part) => `node_modules/${part}`).join("/"),
  );
}

/** Packages for the machines that the daemon runs on whose bytes nobody checks. */
export function unchecked(packages: LockedPackages): string[] {
  return Object.entries(packages)
    .filter(([path, { integrity, link }]) => path !== "" && integrity === undefined && link !== true)
    .filter(([, { os, cpu }]) => os === undefined || (os.includes("linux") && runsHere(cpu)))
    .map(([path]) => `${path} has no checksum`);
}

function runsHere(cpu: readonly string[] | undefined): boolean {
  return cpu === undefined || cpu.includes("x64") || cpu.includes("arm64");
}

/** Packages that want to run a script at installation of which package.json says neither yes nor no. */
export function scriptsNotDecided(
  packages: LockedPackages,
  allowed: Readonly<Record<string, boolean>>,
): string[] {
  return Object.entries(packages)
    .filter(([, { hasInstallScript }]) => hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length))
    .filter((name) => !Object.hasOwn(allowed, name))
    .map((name) => `${name} has an install script: package.json has to allow or forbid it`);
}
