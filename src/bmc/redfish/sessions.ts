import { randomBytes } from "node:crypto";

/** Sessions of a controller, which has room for few of them. */
export interface Sessions {
  readonly count: number;
  /** How many were opened since the start. */
  readonly opened: number;
  /** Undefined: the table is full. */
  open(): { readonly id: string; readonly token: string } | undefined;
  isOpen(token: string): boolean;
  /** False: there is no such session. */
  end(id: string): boolean;
  /** As after a restart of the controller. */
  forget(): void;
}

export function createSessions(sessionsMax: number): Sessions {
  const tokens = new Map<string, string>();
  let opened = 0;
  return {
    get count() {
      return tokens.size;
    },
    get opened() {
      return opened;
    },
    open() {
      if (tokens.size >= sessionsMax) return undefined;
      opened += 1;
      const session = { id: String(opened), token: randomBytes(16).toString("hex") };
      tokens.set(session.id, session.token);
      return session;
    },
    isOpen: (token) => [...tokens.values()].includes(token),
    end: (id) => tokens.delete(id),
    forget: () => tokens.clear(),
  };
}
