/** What bouncerd tells the console's process, as one JSON argument. No secrets: arguments are visible. */
import { z } from "zod";

export const ConsoleOptions = z.strictObject({
  host: z.string(),
  port: z.int().min(0).max(65_535),
  /** Name of this node, for cookies, links and pages. */
  node: z.string(),
  version: z.string(),
  /** The daemon's socket. */
  daemonSocket: z.string(),
  /** Where the shell talks to the console. */
  shellSocket: z.string(),
  /** People, tokens, sessions, audit records, certificate. */
  directory: z.string(),
  /** The built page. */
  pages: z.string(),
  /** Instead of a certificate of our own. */
  tls: z.strictObject({ cert: z.string(), key: z.string() }).exactOptional(),
  /** Whose word about who somebody is counts: the header, and the addresses it may come from. */
  proxy: z.strictObject({ header: z.string(), from: z.array(z.string()).min(1) }).exactOptional(),
  /** Control socket of a demo. */
  demo: z.string().exactOptional(),
});
export type ConsoleOptions = z.infer<typeof ConsoleOptions>;
