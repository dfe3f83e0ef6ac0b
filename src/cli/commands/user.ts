/** `bouncer user …`: the people who may sign in to the web console of this node. */
import type { Command } from "commander";
import { ROLES, type Role } from "../../api/access.ts";
import { consoleOf, newPassword, parseRole } from "../console-client.ts";
import { EXIT } from "../exit-codes.ts";
import { table } from "../format/text.ts";
import { formatInstant } from "../format/time.ts";
import { type JsonOption, printJson, type Shell } from "../session.ts";

interface AddOptions {
  readonly role: Role;
  readonly password?: false;
}

export function addUser(program: Command, shell: Shell): void {
  const { ctx } = shell;
  const by = ctx.user;
  const user = program
    .command("user")
    .description("people of the web console of this node: add, list, passwd, role, remove")
    .addHelpText("after", "\nExamples:\n  bouncer user add anna --role operator\n  bouncer user list");

  user
    .command("add")
    .description("add a person; asks for the password")
    .argument("<name>", "login name")
    .option("--role <role>", ROLES.join(", "), parseRole, "viewer")
    .option("--no-password", "signs in through the reverse proxy only")
    .action(async (name: string, options: AddOptions, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      const password = options.password === false ? {} : { password: await newPassword(shell) };
      await client.userAdd({ name, role: options.role, by, ...password }, call);
      ctx.out(`${name} may sign in as ${options.role}\n`);
      shell.finish(EXIT.ok);
    });

  user
    .command("list")
    .description("who may sign in")
    .option("--json", "the answer as JSON")
    .action(async (options: JsonOption, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      const { users } = await client.users({}, call);
      if (options.json === true) printJson(ctx, { users });
      else if (users.length === 0)
        ctx.out("nobody yet; add somebody: bouncer user add NAME --role operator\n");
      else {
        const rows = users.map(({ name, role, hasPassword, lastSeenAt }) => [
          name,
          role,
          hasPassword ? "password" : "proxy only",
          lastSeenAt === undefined ? "never" : formatInstant(lastSeenAt),
        ]);
        ctx.out(`${table(["NAME", "ROLE", "SIGNS IN BY", "LAST SIGNED IN"], rows, ctx).join("\n")}\n`);
      }
      shell.finish(EXIT.ok);
    });

  user
    .command("passwd")
    .description("set a password; ends the sessions of that name")
    .argument("<name>")
    .action(async (name: string, _: unknown, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      await client.userPassword({ user: name, password: await newPassword(shell), by }, call);
      ctx.out(`${name} has a new password\n`);
      shell.finish(EXIT.ok);
    });

  user
    .command("role")
    .description("change a role; counts at once")
    .argument("<name>")
    .argument("<role>", ROLES.join(", "), parseRole)
    .action(async (name: string, role: Role, _: unknown, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      await client.userRole({ user: name, role, by }, call);
      ctx.out(`${name} is ${role} now\n`);
      shell.finish(EXIT.ok);
    });

  user
    .command("remove")
    .description("remove a person; ends the sessions of that name")
    .argument("<name>")
    .action(async (name: string, _: unknown, command: Command) => {
      const { client, call } = consoleOf(shell, command);
      await client.userRemove({ user: name, by }, call);
      ctx.out(`${name} may not sign in any more\n`);
      shell.finish(EXIT.ok);
    });
}
