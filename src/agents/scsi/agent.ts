/** Persistent reservations of shared disks, through sg_persist. Source: Debian's fence_scsi. */
import type { AgentHost } from "../../ports/agent-host.ts";
import {
  type AgentContext,
  type AgentProblem,
  type BuiltinAgent,
  type Phase,
  problem,
  type Result,
  success,
} from "../frame/agent.ts";
import { definePowerAgent } from "../frame/define.ts";
import type { PowerDevice } from "../frame/device.ts";
import { TEXT } from "../frame/texts.ts";
import type { Values } from "../frame/values.ts";
import { limitMs } from "../tls/address.ts";
import { createScsiDevice } from "./device.ts";
import { type KeyMethod, keyOfNode, parseKey } from "./keys.ts";
import { SCSI_PARAMETERS } from "./parameters.ts";
import { readOwnKey } from "./store.ts";
import { createScsiTool, type ScsiTool } from "./tool.ts";
import { sharedDisks } from "./volume-groups.ts";

/** Units: s for one answer when shell_timeout does not say it. */
const ANSWER_SECONDS = 5;
/** Units: pieces. */
const DISKS_MAX = 128;

export const SCSI_AGENT: BuiltinAgent = definePowerAgent({
  name: "fence_scsi",
  shortdesc: "Fence agent for SCSI persistent reservation",
  longdesc:
    "fence_scsi takes a node its way to shared disks: every node registers a key with each disk (action on, on the " +
    "node itself), the first one reserves it for all that are registered, and off removes the key of another node " +
    "and what was on its way under it. The node itself runs on: it has to be restarted and unfenced. The disks must " +
    "know SCSI-3 persistent reservations and preempt-and-abort.",
  parameters: SCSI_PARAMETERS,
  actions: ["on", "off", "status", "monitor", "metadata", "manpage", "validate-all"],
  inputRules: { login: "optional", password: "optional", plug: "none" },
  onTarget: true,
  open,
  failureText,
});

async function open(values: Values, context: AgentContext): Promise<Result<PowerDevice>> {
  const { host } = context;
  if (host === undefined) return problem("unsupported", "it has to run a program, and may not here");
  const action = values.text("action") ?? "off";
  const node = values.text("nodename") ?? values.text("plug") ?? "";
  const written = values.text("key") ?? "";
  if (action !== "monitor" && node === "" && written === "") {
    return problem("usage", "Failed: nodename or key is required");
  }
  const method = values.text("key_value") ?? "id";
  if (method !== "id" && method !== "hash") {
    return problem("usage", "Failed: key-value has to be 'id' or 'hash'");
  }
  const paths = pathsOf(values);
  if (!paths.ok) return paths;
  const tool = createScsiTool(
    {
      host,
      sgPersist: paths.value.sgPersist,
      readOnly: values.isOn("readonly"),
      aptpl: values.isOn("aptpl"),
      answerMs: values.isGiven("shell_timeout")
        ? limitMs(values, "shell_timeout", ANSWER_SECONDS)
        : ANSWER_SECONDS * 1_000,
    },
    context,
  );
  let generated: Promise<Result<string>> | undefined;
  const names = (values.text("devices") ?? "").split(",").filter((name) => name.trim() !== "");
  if (names.length > DISKS_MAX) return problem("usage", `more than ${DISKS_MAX} devices are named`);
  return success(
    createScsiDevice({
      host,
      tool,
      wants: action === "on" || action === "off" ? action : "status",
      disks: async () =>
        names.length > 0 ? success(names.map((name) => name.trim())) : sharedDisks(tool, paths.value.vgs),
      async keyOf() {
        if (written !== "") return parseKey(written);
        generated ??= generate(tool, paths.value.cmap, node, method);
        return generated;
      },
      ready: () => ready(host, tool, paths.value.sgPersist),
    }),
  );
}

interface Paths {
  readonly sgPersist: string;
  readonly vgs: string;
  readonly cmap: string;
}

function pathsOf(values: Values): Result<Paths> {
  const names = ["sg_persist_path", "vgs_path", "corosync_cmap_path"];
  const [sgPersist = "", vgs = "", cmap = ""] = names.map((name) => values.text(name) ?? "");
  const wrong = names.find((name) => !/^\/[A-Za-z0-9_./+-]+$/.test(values.text(name) ?? ""));
  return wrong === undefined ? success({ sgPersist, vgs, cmap }) : problem("usage", `${wrong} is no path`);
}

async function generate(tool: ScsiTool, cmap: string, node: string, method: KeyMethod) {
  const cluster = await tool.ask(cmap, ["totem.cluster_name"]);
  if (!cluster.ok) return cluster;
  const nodes = method === "id" ? await tool.ask(cmap, ["nodelist"]) : success("");
  return nodes.ok ? keyOfNode(node, method, cluster.value, nodes.value) : nodes;
}

async function ready(host: AgentHost, tool: ScsiTool, sgPersist: string): Promise<Result<void>> {
  const version = await tool.ask(sgPersist, ["-V"]);
  if (!version.ok) return version;
  const key = await readOwnKey(host);
  return key.ok ? success(undefined) : key;
}

function failureText({ kind }: AgentProblem, phase: Phase): string | undefined {
  if (kind === "usage" || (phase === "status" && kind !== "not-reached")) return TEXT.usage;
  return undefined;
}
