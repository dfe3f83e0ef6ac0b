/** What the console answers itself: who is signed in, people, tokens, links, audit records, the demo. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Role } from "../../api/access.ts";
import type { SessionReply } from "../../api/console.ts";
import type { CONSOLE_ROUTES, ConsoleRoute, ConsoleRouteName } from "../../api/console-routes.ts";
import type { DemoReply, DemoRequest } from "../../api/demo.ts";
import { OperationError } from "../../core/errors.ts";
import type { Audit } from "../access/audit.ts";
import type { People } from "../access/people.ts";
import type { Session, Sessions } from "../access/sessions.ts";
import type { Tokens } from "../access/tokens.ts";
import type { Caller } from "./caller.ts";
import { clearCookie, setCookie } from "./cookies.ts";
import type { Gates } from "./gates.ts";

export interface OwnParts {
  readonly node: string;
  readonly cookie: string;
  readonly people: People;
  readonly sessions: Sessions;
  readonly tokens: Tokens;
  readonly audit: Audit;
  readonly gates: Gates;
  /** `https://…/` as people type it; known when the server listens. */
  readonly origin: () => string;
  readonly demo?: ((request: DemoRequest) => Promise<DemoReply>) | undefined;
}

interface Args<R extends ConsoleRoute> {
  readonly params: z.output<R["params"]>;
  readonly query: z.output<R["query"]>;
  readonly body: z.output<R["body"]>;
  /** Absent: nobody is signed in. On the shell's socket: the shell. */
  readonly caller: Caller | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}
type Handler<R extends ConsoleRoute> = (args: Args<R>) => Promise<z.input<R["reply"]>>;
export type OwnHandlers = {
  readonly [Name in ConsoleRouteName]: Handler<(typeof CONSOLE_ROUTES)[Name]>;
};

const DONE = { done: true } as const;

export function createOwnHandlers(parts: OwnParts): OwnHandlers {
  const { people, sessions, tokens, audit, gates, cookie } = parts;
  const base = { node: parts.node, demo: parts.demo !== undefined };

  function sessionView(session: Session): SessionReply {
    const { user, role, how, endsAt } = session;
    return { ...base, signedIn: true, user, role, how, expiresAt: endsAt };
  }

  /** A new secret for whoever signs in: what the browser sent before is over. */
  function begin(
    reply: FastifyReply,
    old: Caller | undefined,
    begun: ReturnType<Sessions["begin"]>,
  ): SessionReply {
    if (old?.session !== undefined) sessions.end(old.session.hash);
    reply.header("set-cookie", setCookie(cookie, begun.secret));
    return sessionView(begun.session);
  }

  return {
    session: async ({ caller }) => {
      if (caller === undefined) return { ...base, signedIn: false };
      if (caller.session !== undefined) return sessionView(caller.session);
      return { ...base, signedIn: true, user: caller.user, role: caller.role, how: caller.how };
    },
    signIn: async ({ body, caller, reply }) => {
      if (!(await people.signIn(body.user, body.password))) {
        throw new OperationError("API_WRONG_PASSWORD", "the name or the password is wrong");
      }
      return begin(reply, caller, sessions.begin(body.user, "password"));
    },
    signInByLink: async ({ body, caller, reply }) => {
      const link = sessions.takeLink(body.token);
      if (link === undefined)
        throw new OperationError("API_LINK_OVER", "the link was used, or its time is over");
      return begin(reply, caller, sessions.begin(link.user, "link", link.role));
    },
    signOut: async ({ caller, reply }) => {
      if (caller?.session !== undefined) sessions.end(caller.session.hash);
      reply.header("set-cookie", clearCookie(cookie));
      return DONE;
    },
    ownPassword: async ({ body, caller, request }) => {
      gates.beforeSignIn(request);
      const user = caller?.user ?? "";
      if (caller?.how !== "password" || !(await people.signIn(user, body.current))) {
        throw new OperationError("API_WRONG_PASSWORD", "the present password is wrong");
      }
      await people.setPassword(user, body.password);
      sessions.endAll(user, caller.session?.hash);
      return DONE;
    },
    users: async () => ({ users: people.list() }),
    userAdd: async ({ body }) => {
      await people.add(body.name, body.role, body.password);
      return DONE;
    },
    userPassword: async ({ params, body }) => {
      await people.setPassword(params.user, body.password);
      sessions.endAll(params.user);
      return DONE;
    },
    userRole: async ({ params, body }) => {
      await people.setRole(params.user, body.role);
      return DONE;
    },
    userRemove: async ({ params }) => {
      await people.remove(params.user);
      sessions.endAll(params.user);
      return DONE;
    },
    tokens: async () => ({ tokens: tokens.list() }),
    tokenAdd: async ({ body, caller }) => {
      const { by: _, ...wish } = body;
      return tokens.add({ ...wish, by: caller?.user ?? "" });
    },
    tokenRevoke: async ({ params }) => {
      await tokens.revoke(params.id);
      return DONE;
    },
    link: async ({ body, caller }) => {
      const role: Role = body.role;
      const { token, expiresAt } = sessions.newLink(caller?.user ?? "root", role, body.seconds * 1_000);
      return { url: `${parts.origin()}#link=${token}`, expiresAt, role };
    },
    audit: async ({ query }) => audit.page(query.limit, query.before),
    demo: async ({ body }) => {
      const reply = await parts.demo?.(body);
      if (reply === undefined) throw new OperationError("REQ_NOT_FOUND", "this is no demo");
      if (!reply.ok) throw new OperationError("REQ_INVALID", reply.problem);
      return reply;
    },
  };
}
