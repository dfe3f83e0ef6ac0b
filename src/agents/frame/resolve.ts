import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type AgentContext, problem, type Result, success } from "./agent.ts";

/**
 * The address behind a name. A shot takes the one of the last look, because asking for it reads files
 * and needs a network that may be the one that broke; addresses are not looked up at all.
 */
export async function resolveName(host: string, context: AgentContext): Promise<Result<string>> {
  if (isIP(host) !== 0) return success(host);
  const known = context.warm?.addressOf(host);
  if (known !== undefined) return success(known);
  let abort = (): void => {};
  const over = new Promise<Result<string>>((done) => {
    abort = () => done(problem("address", `the name ${host} was not resolved in time`));
    if (context.signal.aborted) abort();
    context.signal.addEventListener("abort", abort);
  });
  const asked = lookup(host).then(
    ({ address }) => success(address),
    (error: NodeJS.ErrnoException) =>
      problem("address", `the name ${host} does not resolve: ${error.code ?? "error"}`),
  );
  try {
    const found = await Promise.race([asked, over]);
    if (found.ok) context.warm?.keepAddress(host, found.value);
    return found;
  } finally {
    context.signal.removeEventListener("abort", abort);
  }
}
