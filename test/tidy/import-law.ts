/** Who may import whom. The reasons stand in ARCHITECTURE.md; `imports.test.ts` enforces it. */

export interface FolderLaw {
  /** Folders of src/ besides its own. */
  readonly folders: readonly string[] | "any";
  readonly packages: readonly string[] | "any";
  /** May it use node's built-in modules: does it touch the world? */
  readonly node: "yes" | "no";
}

const PURE = ["core", "codec", "config", "api", "ports"] as const;
const SCHEMAS = ["zod", "libxml2-wasm"] as const;

export const LAW: Readonly<Record<string, FolderLaw>> = {
  core: { folders: [], packages: [], node: "no" },
  codec: { folders: ["core"], packages: SCHEMAS, node: "no" },
  config: { folders: ["core"], packages: SCHEMAS, node: "no" },
  api: { folders: ["core"], packages: SCHEMAS, node: "no" },
  ports: { folders: ["core"], packages: SCHEMAS, node: "no" },
  sim: { folders: PURE, packages: [], node: "no" },
  "sim-cli": { folders: ["core", "sim"], packages: [], node: "yes" },
  stories: { folders: ["core"], packages: [], node: "no" },
  agents: { folders: ["core", "ports"], packages: ["net-snmp", "ssh2"], node: "yes" },
  x509: { folders: [], packages: [], node: "yes" },
  bmc: { folders: ["core", "ports", "agents", "x509"], packages: ["net-snmp", "ssh2"], node: "yes" },
  adapters: { folders: PURE, packages: "any", node: "yes" },
  daemon: { folders: [...PURE, "agents", "adapters"], packages: "any", node: "yes" },
  console: { folders: ["core", "api", "adapters", "x509"], packages: "any", node: "yes" },
  cli: { folders: ["api", "config", "core", "sim"], packages: "any", node: "yes" },
  demo: { folders: "any", packages: "any", node: "yes" },
  lab: { folders: "any", packages: "any", node: "yes" },
};

/** Single files that may reach further, each with its reason. */
export const EXCEPTIONS: readonly { readonly file: string; readonly folder: string; readonly why: string }[] =
  [
    { file: "src/cli/main.ts", folder: "adapters", why: "opens the socket that the commands speak through" },
    { file: "src/daemon/console-child.ts", folder: "console", why: "starts it, and reads what it says" },
    { file: "src/cli/main.ts", folder: "demo", why: "hands `bouncer demo` over, loaded only then" },
    { file: "src/cli/trial/simulate.ts", folder: "sim-cli", why: "plays seeds on all processors" },
    { file: "src/cli/commands/secret.ts", folder: "agents", why: "seals what the runner of agents opens" },
    { file: "src/cli/trial/replay.ts", folder: "daemon", why: "reads what the daemon's recorder wrote" },
    { file: "src/cli/commands/agent.ts", folder: "agents", why: "runs a built-in agent as a command" },
    { file: "src/cli/commands/agent.ts", folder: "adapters", why: "agents of disks run sg_persist" },
    { file: "src/cli/commands/agents.ts", folder: "agents", why: "lists what is built in" },
    { file: "src/cli/node-facts.ts", folder: "agents", why: "asks this node's agents for their metadata" },
    { file: "src/cli/node-facts.ts", folder: "adapters", why: "runs and reads what agents print" },
    { file: "src/cli/commands/bmc.ts", folder: "bmc", why: "starts a simulated controller by hand" },
  ];

/** Tests may also use these: they make the world that their subject lives in. */
export const TESTS: FolderLaw = { folders: PURE, packages: ["fast-check", ...SCHEMAS], node: "yes" };
