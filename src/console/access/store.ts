/** People, tokens and sessions: one file, replaced as a whole, read once. The truth is in memory. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { Role } from "../../api/access.ts";
import { How } from "../../api/console.ts";
import { StoredPassword } from "./passwords.ts";

const Instant = z.number();
export const StoredUser = z.strictObject({
  name: z.string(),
  role: Role,
  createdAt: Instant,
  lastSeenAt: Instant.exactOptional(),
  password: StoredPassword.exactOptional(),
});
export type StoredUser = z.infer<typeof StoredUser>;

export const StoredToken = z.strictObject({
  id: z.string(),
  name: z.string(),
  role: Role,
  routes: z.array(z.string()).exactOptional(),
  createdAt: Instant,
  createdBy: z.string(),
  expiresAt: Instant,
  lastUsedAt: Instant.exactOptional(),
  hash: z.string(),
});
export type StoredToken = z.infer<typeof StoredToken>;

export const StoredSession = z.strictObject({
  hash: z.string(),
  user: z.string(),
  /** Of a link: the user need not exist. Absent: the role that the user has now. */
  role: Role.exactOptional(),
  how: How,
  createdAt: Instant,
  usedAt: Instant,
  endsAt: Instant,
});
export type StoredSession = z.infer<typeof StoredSession>;

const Content = z.strictObject({
  format: z.literal(1),
  users: z.array(StoredUser),
  tokens: z.array(StoredToken),
  sessions: z.array(StoredSession),
});

export interface AccessStore {
  readonly users: Map<string, StoredUser>;
  readonly tokens: Map<string, StoredToken>;
  /** By the hash of its secret. */
  readonly sessions: Map<string, StoredSession>;
  /** Writes what is in memory; resolves when it is on disk. */
  save(): Promise<void>;
  /** Soon, together with other changes: for what may be lost. */
  saveSoon(): void;
  close(): Promise<void>;
}

/** Units: ms. */
const SOON_MS = 5_000;

/** A file that cannot be read as ours is put aside, with a word to `onProblem`: nothing is lost. */
export async function openAccessStore(path: string, onProblem: (text: string) => void): Promise<AccessStore> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const content = await load(path, onProblem);
  const users = new Map(content.users.map((user) => [user.name, user]));
  const tokens = new Map(content.tokens.map((token) => [token.id, token]));
  const sessions = new Map(content.sessions.map((session) => [session.hash, session]));
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  function save(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const result = writing.then(() =>
      replaceFile(
        path,
        JSON.stringify({
          format: 1,
          users: [...users.values()],
          tokens: [...tokens.values()],
          sessions: [...sessions.values()],
        } satisfies z.input<typeof Content>),
      ),
    );
    writing = result.catch((error: Error) => onProblem(`${path} cannot be written: ${error.message}`));
    return result;
  }

  return {
    users,
    tokens,
    sessions,
    save,
    saveSoon() {
      timer ??= setTimeout(() => void save().catch(() => {}), SOON_MS); // Told by onProblem.
      timer.unref();
    },
    async close() {
      if (timer !== undefined) await save().catch(() => {});
      await writing;
    },
  };
}

async function load(path: string, onProblem: (text: string) => void): Promise<z.infer<typeof Content>> {
  const empty = { format: 1 as const, users: [], tokens: [], sessions: [] };
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return empty;
  try {
    return Content.parse(JSON.parse(text));
  } catch (error) {
    const aside = `${path}.corrupt-${Date.now()}`;
    await rename(path, aside);
    const why = (error as Error).message.split("\n")[0];
    onProblem(
      `the file of people and tokens was damaged (${why}); it is kept as ${aside}, and nobody is known now`,
    );
    return empty;
  }
}

export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
