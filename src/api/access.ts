/** Who may do what over the network. On the daemon's own socket everybody is trusted: see docs/console.md. */
import { z } from "zod";

/** Each may do what the ones before it may. */
export const ROLES = ["viewer", "operator", "admin"] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

export function mayActAs(have: Role, need: Role): boolean {
  return ROLES.indexOf(have) >= ROLES.indexOf(need);
}

/** Whoever adds a route and says nothing lets viewers look and administrators change. */
export function roleFor(route: { readonly method: "GET" | "POST"; readonly role?: Role }): Role {
  return route.role ?? (route.method === "GET" ? "viewer" : "admin");
}
