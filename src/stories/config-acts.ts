/** What the stories about the configuration have in common. */
import { claim, PATIENCE_MS, succeed } from "./acts.ts";
import type { CommandResult, Stage } from "./stage.ts";

/** What the stories read of `bouncer config status --json`. */
export interface ConfigStatus {
  readonly inForce: { readonly version: number; readonly digest: string; readonly comment: string };
  readonly epoch: number;
  readonly file: { readonly state: string; readonly version?: number };
}

/** Runs it as the administrator would, and tells what was typed and what came of it. */
export async function typed(
  stage: Stage,
  node: string,
  command: readonly string[],
  input?: string,
): Promise<CommandResult> {
  const result = await stage.run(node, command, input);
  const shown = command.map((word) => (/[\s"]/.test(word) ? `"${word}"` : word)).join(" ");
  stage.say(`${node}# ${shown}`);
  for (const text of [result.stdout, result.stderr]) if (text.trim() !== "") stage.say(text.trimEnd());
  return result;
}

/** The command must work. */
export async function works(
  stage: Stage,
  node: string,
  command: readonly string[],
  input?: string,
): Promise<string> {
  const { code, stdout, stderr } = await typed(stage, node, command, input);
  claim(code === 0, `${command.join(" ")} exited with ${code}: ${stderr}${stdout}`);
  return stdout;
}

/** The command must be refused for this reason. */
export async function isRefused(
  stage: Stage,
  node: string,
  command: readonly string[],
  reason: string,
  input?: string,
): Promise<void> {
  const { code, stdout, stderr } = await typed(stage, node, command, input);
  claim(code !== 0, `${command.join(" ")} was not refused: ${stdout}`);
  claim(`${stderr}${stdout}`.includes(reason), `the refusal does not speak of ${reason}: ${stderr}${stdout}`);
}

export async function configOf(stage: Stage, node: string): Promise<ConfigStatus> {
  const { stdout } = await succeed(stage, node, ["bouncer", "config", "status", "--json"]);
  return JSON.parse(stdout) as ConfigStatus;
}

/** Until every node goes by this version. */
export async function allOn(stage: Stage, version: number, timeoutMs = PATIENCE_MS): Promise<void> {
  const holds = (status: { readonly configVersion: number }): boolean => status.configVersion === version;
  await Promise.all(
    stage.nodes.map((node) => stage.until(node, `version ${version} is in force`, holds, timeoutMs)),
  );
}

/** Units: ms. The file is written after the fact. */
const LOOK_EVERY_MS = 50;

/** Until the file on every node's disk is that text. */
export async function onAllDisks(stage: Stage, text: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (const node of stage.nodes) {
    const isThere = async (): Promise<boolean> =>
      (await stage.readConfig(node, "")) === text && (await configOf(stage, node)).file.state === "same";
    while (!(await isThere())) {
      claim(Date.now() < until, `cluster.conf on the disk of ${node} is another one`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}
