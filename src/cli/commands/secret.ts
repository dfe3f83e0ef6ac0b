import type { Command } from "commander";
import { KEY_BYTES_MAX, keyProblem, seal, unseal } from "../../agents/sealed.ts";
import { KEYFILE_DEFAULT } from "../../config/parameters.ts";
import { OperationError } from "../../core/errors.ts";
import type { CliContext } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import { UsageError } from "../fail.ts";
import type { Shell } from "../session.ts";

/** As long as an agent may be given. Units: characters. */
const PASSWORD_CHARS_MAX = 4_096;

interface Options {
  readonly key: string;
  readonly rotate?: true;
}

export function addSecret(program: Command, shell: Shell): void {
  const group = program
    .command("secret")
    .description("passwords of fence devices that only this cluster's key opens");
  group
    .command("seal")
    .description("read a password and print it sealed, to be written into cluster.conf")
    .option("--key <file>", "key file, equal on all nodes", KEYFILE_DEFAULT)
    .option("--rotate", "ask for two: the present one and the next; both are tried until you seal again")
    .addHelpText(
      "after",
      "\nExamples:\n  bouncer secret seal\n  pass show ilo | bouncer secret seal --key /etc/cluster/key",
    )
    .action(async (options: Options) => shell.finish(await sealOne(shell.ctx, options)));
  group
    .command("verify")
    .description("whether the key of this node opens a sealed value; the password is not shown")
    .argument("<value>", "b1:…, as in cluster.conf")
    .option("--key <file>", "key file, equal on all nodes", KEYFILE_DEFAULT)
    .addHelpText("after", "\nExit code: 0 it does, 1 it does not.\n\nExample:\n  bouncer secret verify b1:…")
    .action((value: string, options: Options) => shell.finish(verify(shell.ctx, value, options)));
}

async function sealOne(ctx: CliContext, { key, rotate }: Options): Promise<number> {
  const bytes = readKey(ctx, key);
  const first = await password(ctx, rotate ? "Password that the device has now: " : "Password: ");
  const texts = rotate ? [first, await password(ctx, "Password that it will have: ")] : [first];
  ctx.out(`passwd_sealed="${seal(texts.join("\n"), bytes)}"\n`);
  if (rotate)
    ctx.err(
      "Both are tried. Change the device, run bouncer check on every node, then seal the new one alone.\n",
    );
  return EXIT.ok;
}

function verify(ctx: CliContext, value: string, { key }: Options): number {
  const opened = unseal(value, readKey(ctx, key));
  if (!opened.ok) {
    ctx.err(`bouncer: ${opened.problem} (${key})\n`);
    return EXIT.failed;
  }
  const count = opened.text.split("\n").length;
  ctx.out(count === 1 ? "The key opens it.\n" : `The key opens it: ${count} passwords, tried in order.\n`);
  return EXIT.ok;
}

function readKey(ctx: CliContext, path: string): Uint8Array {
  const bytes = ctx.files.bytes(path, KEY_BYTES_MAX + 1);
  const problem = typeof bytes === "string" ? bytes : keyProblem(bytes);
  if (typeof bytes === "string" || problem !== undefined) {
    throw new OperationError("CFG_UNREADABLE", `key file ${path} cannot be used: ${problem}`);
  }
  return bytes;
}

async function password(ctx: CliContext, question: string): Promise<string> {
  const text = await ctx.askSecret(question);
  if (text === undefined || text === "") {
    throw new UsageError("no password was given", "Type it, or send it to standard input.");
  }
  if (text.length > PASSWORD_CHARS_MAX)
    throw new UsageError("the password is too long", `At most ${PASSWORD_CHARS_MAX} characters.`);
  return text;
}
