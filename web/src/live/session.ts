/** Who is signed in. One at a time for the whole page. */
import { createContext, useContext } from "react";
import { mayActAs, type Role } from "../../../src/api/access.ts";
import type { SessionReply } from "../../../src/api/console.ts";

export interface SessionState {
  readonly session: SessionReply;
  readonly signOut: () => void;
}

export const SessionContext = createContext<SessionState | undefined>(undefined);

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === undefined) throw new Error("there is no session outside the signed-in page");
  return state;
}

export function useMay(role: Role): boolean {
  const { session } = useSession();
  return session.role !== undefined && mayActAs(session.role, role);
}
