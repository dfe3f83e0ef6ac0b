/** What the page tells people to type is what the command line understands. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "commander";
import { buildProgram } from "../../src/cli/program.ts";
import type { Shell } from "../../src/cli/session.ts";
import { readMatching } from "./files.ts";

/** Only the shape is looked at: no command is run. */
const program = buildProgram({ ctx: { user: "root" } } as unknown as Shell);

/** Shape: `bouncer config activate N --confirm-within Nm`: whatever is put in stands as N. */
function shownIn(source: string): string[] {
  const spots = [
    ...source.matchAll(/command=(?:"([^"]*)"|\{`((?:[^`$]|\$\{(?:[^{}`]|`[^`]*`|\{[^}]*\})*\})*)`\})/g),
  ];
  return spots
    .map(([, plain, filled]) => plain ?? filled ?? "")
    .flatMap((text) => [text, ...[...text.matchAll(/`( [^`]*)`/g)].map(([, part]) => `${text} ${part}`)])
    .map((text) => text.replace(/\$\{(?:[^{}`]|`[^`]*`|\{[^}]*\})*\}/g, "N"))
    .flatMap((text) => text.split("&&").map((one) => one.trim()))
    .filter((text) => text.startsWith("bouncer "));
}

function faultsOf(text: string): string[] {
  const words = text.split(/\s+/).slice(1);
  let command: Command = program;
  let taken = 0;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
    taken++;
  }
  if (taken === 0) return [`${text}: there is no such command`];
  const known = command.options.flatMap(({ long, short }) => [long, short]);
  return words
    .filter((word) => /^--?[a-z]/.test(word) && !known.includes(word))
    .map((word) => `${text}: ${command.name()} has no ${word}`);
}

test("every command that the page shows is one", () => {
  const shown = [...readMatching(/^web\/src\/.*\.tsx$/).values()].flatMap(shownIn);
  assert.ok(shown.length >= 20, `${shown.length} were found`);
  assert.deepEqual(shown.flatMap(faultsOf), []);
});

test("a command that is none is found", () => {
  const found = shownIn('<X command={`bouncer config activate ${n}${t ? ` --confirm ${m}m` : ""}`} />');
  assert.ok(
    found.flatMap(faultsOf).some((fault) => fault.endsWith("activate has no --confirm")),
    found.join(),
  );
  assert.equal(shownIn('<X command="bouncer nothing" />').flatMap(faultsOf).length, 1);
});
