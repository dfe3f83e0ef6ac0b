/** The people of this node's console. */
import type { Role } from "../../api/access.ts";
import type { UserView } from "../../api/console.ts";
import { OperationError } from "../../core/errors.ts";
import type { Passwords } from "./passwords.ts";
import type { AccessStore, StoredUser } from "./store.ts";

const PEOPLE_MAX = 256;

export interface People {
  list(): UserView[];
  roleOf(name: string): Role | undefined;
  /** Errors: `API_NAME_TAKEN`, `API_TOO_MANY`, `REQ_INVALID`. */
  add(name: string, role: Role, password?: string): Promise<void>;
  /** Errors of the following: `API_NAME_UNKNOWN`. */
  setPassword(name: string, password: string): Promise<void>;
  setRole(name: string, role: Role): Promise<void>;
  remove(name: string): Promise<void>;
  /** The same answer, as late, for a name that nobody has. */
  signIn(name: string, password: string): Promise<boolean>;
}

export function createPeople(store: AccessStore, passwords: Passwords, now: () => number): People {
  function known(name: string): StoredUser {
    const user = store.users.get(name);
    if (user === undefined) throw new OperationError("API_NAME_UNKNOWN", `nobody here is called ${name}`);
    return user;
  }

  function checkPassword(name: string, password: string): void {
    if (password.toLowerCase().includes(name) || new Set(password).size < 4) {
      throw new OperationError(
        "REQ_INVALID",
        "the password is too easy: it contains the name, or hardly any letters",
      );
    }
  }

  return {
    list: () =>
      [...store.users.values()].map(({ password, ...rest }) => ({
        ...rest,
        hasPassword: password !== undefined,
      })),
    roleOf: (name) => store.users.get(name)?.role,
    async add(name, role, password) {
      if (store.users.has(name)) throw new OperationError("API_NAME_TAKEN", `${name} is there already`);
      if (store.users.size >= PEOPLE_MAX) {
        throw new OperationError("API_TOO_MANY", `there are ${PEOPLE_MAX} people; remove some`);
      }
      if (password !== undefined) checkPassword(name, password);
      const stored = password === undefined ? {} : { password: await passwords.store(password) };
      if (store.users.has(name)) throw new OperationError("API_NAME_TAKEN", `${name} is there already`);
      store.users.set(name, { name, role, createdAt: now(), ...stored });
      await store.save();
    },
    async setPassword(name, password) {
      known(name);
      checkPassword(name, password);
      const stored = await passwords.store(password);
      known(name).password = stored;
      await store.save();
    },
    async setRole(name, role) {
      known(name).role = role;
      await store.save();
    },
    async remove(name) {
      known(name);
      store.users.delete(name);
      await store.save();
    },
    signIn: (name, password) => passwords.matches(password, store.users.get(name)?.password),
  };
}
