/**
 * From Corosync's view to the gate open again, on real Corosync nodes: with the built-in agents, and with
 * Debian's fence_ipmilan, against a real IPMI controller and our simulators.
 */
import type { LabAgent } from "../src/lab/agent.ts";
import { openLabStage } from "../src/lab/stage.ts";
import { type Figures, noFigures, playRound } from "./lab-rounds.ts";
import { type Bench, percentile, type Report } from "./report.ts";

const ROUNDS = 7;
const ROUNDS_OTHERS = 3;

async function measure(agent: LabAgent, rounds: number): Promise<Figures> {
  const figures = noFigures();
  const stage = await openLabStage({ nodes: 3, agent, say: () => {} });
  try {
    for (let round = 0; round < rounds; round++) await playRound(stage, figures);
  } finally {
    await stage.close();
  }
  return figures;
}

export const run: Bench = async (report: Report) => {
  if (process.getuid?.() !== 0) {
    report.note("needs root: namespaces and Corosync");
    return;
  }
  const { toAgent, toGate, whole, group } = await measure("ipmilan", ROUNDS);
  report.samples("view event to the agent's start", toAgent, "ms");
  report.samples("  of it between sending and delivery (Corosync)", group, "ms");
  report.samples("read back off to the gate open on the last node", toGate, "ms");
  report.samples("view event to the gate open, fence_ipmilan built in", whole, "ms");
  for (const agent of ["debian", "ilo", "redfish"] as const) {
    const other = await measure(agent, ROUNDS_OTHERS);
    report.samples(`view event to the gate open, ${WORDS[agent]}`, other.whole, "ms");
    if (agent === "debian") {
      report.ratio("  Debian's executable to built in", percentile(other.whole, 0.5), percentile(whole, 0.5));
    }
  }
  report.note("Pacemaker 2.1 in the same lab: 2.0 s to the agent's start, 2.3 s to 6.3 s to service resumed");
};

const WORDS = {
  debian: "Debian's fence_ipmilan",
  ilo: "fence_ilo2 built in (RIBCL)",
  redfish: "fence_redfish built in",
} as const;
