/** The built page. Its files are listed once at the start: no request ever names a path on the disk. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  json: "application/json",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
  wasm: "application/wasm",
};
/** The build makes these beside the files. */
const PACKED = ".br";

export interface PageFile {
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly immutable: boolean;
  readonly plain: Buffer;
  readonly packed?: Buffer;
}

/** Shape: `/`, `/assets/app-1f2e3d.js`, … → file. Undefined when nothing was built. */
export function loadPages(folder: string): ReadonlyMap<string, PageFile> | undefined {
  if (!existsSync(join(folder, "index.html"))) return undefined;
  const pages = new Map<string, PageFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const type = TYPES[entry.name.slice(entry.name.lastIndexOf(".") + 1)];
    if (!entry.isFile() || type === undefined) continue;
    const name = relative(folder, file).split(sep).join("/");
    const plain = readFileSync(file);
    const packed = existsSync(`${file}${PACKED}`) ? readFileSync(`${file}${PACKED}`) : undefined;
    pages.set(name === "index.html" ? "/" : `/${name}`, {
      type,
      etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
      immutable: name.startsWith("assets/"),
      plain,
      ...(packed === undefined ? {} : { packed }),
    });
  }
  return pages;
}

export const NOT_BUILT = `<!doctype html><meta charset="utf-8"><title>Bouncer</title>
<h1>The console's page is not built</h1><p>The API works. For the page, run in Bouncer's folder:
<code>npm run build:console</code>, then restart bouncerd.</p>`;
