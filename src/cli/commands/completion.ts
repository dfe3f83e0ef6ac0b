import { Argument, type Command } from "commander";
import { bashCompletion, NAMES_COMMAND, zshCompletion } from "../completion.ts";
import { EXIT } from "../exit-codes.ts";
import type { Shell } from "../session.ts";

/** Shells expand what completion offers: a name that could be more than a name is not offered. */
const PLAIN_NAME = /^[\w.-]+$/;

/** Tab must never hang a shell. Units: ms. */
const NAMES_TIMEOUT_MS = 1_000;

export function addCompletion(program: Command, shell: Shell): void {
  program
    .command("completion")
    .description("print the tab completion for a shell")
    .addArgument(new Argument("<shell>", "bash or zsh").choices(["bash", "zsh"]))
    .addHelpText("after", '\nExamples:\n  eval "$(bouncer completion bash)"')
    .action((name: string) => {
      shell.ctx.out(name === "bash" ? bashCompletion(program) : zshCompletion(program));
      shell.finish(EXIT.ok);
    });
  program.command(NAMES_COMMAND, { hidden: true }).action(async (_options: object, command: Command) => {
    const { client, call } = shell.open(command);
    const names = await client.status({}, { ...call, timeoutMs: NAMES_TIMEOUT_MS });
    const plain = names.nodes.filter(({ name }) => PLAIN_NAME.test(name));
    shell.ctx.out(plain.map((node) => `${node.name}\n`).join(""));
    shell.finish(EXIT.ok);
  });
}
