/** The agents of this daemon: built-in ones, executables for the rest, and the passwords of both. */

import { createBuiltinRunner, executablesOf } from "../agents/builtin-runner.ts";
import {
  AGENT_FOLDERS,
  createExternalAgents,
  type ExternalAgents,
} from "../agents/external/external-agents.ts";
import { BUILTIN_NAMES } from "../agents/frame/builtin.ts";
import { createPasswords } from "../agents/passwords.ts";
import type { AgentReport } from "../api/agents.ts";
import type { AgentParameters as DeviceLines } from "../config/parameters.ts";
import type { AgentHost } from "../ports/agent-host.ts";
import type { ParseAgentMetadata } from "../ports/agent-metadata.ts";
import type { AgentUse } from "../ports/agent-parameters.ts";
import type { AgentRunner } from "../ports/agent-runner.ts";
import type { Exec } from "../ports/exec.ts";
import { agentUsesOf, createParameterSource } from "./config-file.ts";

export interface DaemonAgents extends AgentRunner {
  /** Loads code, and begins to read passwords, before they are needed. Never rejects. */
  prepare(): Promise<void>;
  /** What an executable says of itself. */
  readonly metadata: ExternalAgents["metadata"];
  /** Which agent is used for what, and why. */
  report(): Promise<readonly AgentReport[]>;
}

export interface DaemonAgentsPorts {
  readonly exec: Exec;
  readonly host: AgentHost;
  readonly parseMetadata: ParseAgentMetadata;
  /** Of a configuration; absent: the one in force. */
  readonly lines: (digest?: string) => DeviceLines | undefined;
  /** Of every configuration that is known: in force, staged, before. */
  readonly all: () => readonly DeviceLines[];
}

export function openAgents({ exec, host, parseMetadata, lines, all }: DaemonAgentsPorts): DaemonAgents {
  const parameters = createParameterSource(lines);
  const uses = (): readonly AgentUse[] => agentUsesOf(all());
  const agentNames = (): readonly string[] => executablesOf(uses());
  const external = createExternalAgents({ parameters, agentNames, exec, parseMetadata });
  const passwords = createPasswords(exec);
  const agents = createBuiltinRunner({ parameters, uses, external, passwords, host });
  return {
    ...agents,
    metadata: external.metadata,
    async prepare() {
      // A script on a disk that hangs delays nobody but whoever needs its password.
      void passwords.prepare(
        all().flatMap((one) => one.all.flatMap(({ scripts }) => scripts.at(-1)?.path ?? [])),
      );
      await agents.prepare();
    },
    async report() {
      const inForce = lines();
      const beyond = agents.beyond();
      const rows = agentUsesOf(inForce === undefined ? [] : [inForce]).flatMap((use) => split(use, beyond));
      return Promise.all(
        rows.map(async (row): Promise<AgentReport> => {
          const found = await exec.find(row.agent, AGENT_FOLDERS);
          return reportOn(row, found?.file);
        }),
      );
    },
  };
}

interface Row extends AgentUse {
  /** Why the built-in one cannot do it for these devices. */
  readonly beyond?: string;
}

/** Devices whose parameters ask for more than is built in stand apart. */
function split(use: AgentUse, beyond: ReadonlyMap<string, string>): readonly Row[] {
  if (use.executable) return [use];
  const [out, own] = [true, false].map((is) => use.devices.filter((device) => beyond.has(device) === is));
  return [
    ...(own?.length ? [{ ...use, devices: own }] : []),
    ...(out ?? []).map((device) => ({ ...use, devices: [device], beyond: beyond.get(device) ?? "" })),
  ];
}

function reportOn({ agent, devices, executable, beyond }: Row, file: string | undefined): AgentReport {
  const isBuiltin = BUILTIN_NAMES.includes(agent);
  const base = { agent, devices: [...devices], ...(file === undefined ? {} : { executable: file }) };
  if (isBuiltin && !executable && beyond === undefined) {
    const other = file === undefined ? "no executable is needed" : `${file} is not used`;
    return { ...base, used: "builtin", why: `built in; ${other}` };
  }
  const why = executable
    ? 'builtin="0" is written'
    : beyond === undefined
      ? "not built in"
      : `not built in: ${beyond}`;
  if (file !== undefined) return { ...base, used: "executable", why: `${why}; runs ${file}` };
  return { ...base, used: "none", why: `${why}, and there is no executable of this name on this node` };
}
