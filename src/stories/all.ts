/** Every story, in the order in which they are told. Names are fixed: docs, tests and people use them. */
import { allAtOnce } from "./all-at-once.ts";
import { averted } from "./averted.ts";
import { cleanLeave } from "./clean-leave.ts";
import { coldStart } from "./cold-start.ts";
import { coldStartUnknown } from "./cold-start-unknown.ts";
import { configLife } from "./config-life.ts";
import { configUnconfirmed } from "./config-unconfirmed.ts";
import { crash } from "./crash.ts";
import { daemonCrash } from "./daemon-crash.ts";
import { executorBlind } from "./executor-blind.ts";
import { external } from "./external.ts";
import { fallback } from "./fallback.ts";
import { hang } from "./hang.ts";
import { hungDisk } from "./hung-disk.ts";
import { ifdown } from "./ifdown.ts";
import { lockCounter } from "./lock-counter.ts";
import { lvmConcurrent } from "./lvm/concurrent.ts";
import { lvmCrash } from "./lvm/crash.ts";
import { lvmDaemonRestart } from "./lvm/daemon-restart.ts";
import { lvmFence } from "./lvm/fence.ts";
import { lyingAgent } from "./lying-agent.ts";
import { manual } from "./manual.ts";
import { masterDies } from "./master-dies.ts";
import { noQuorum } from "./no-quorum.ts";
import { reunited } from "./reunited.ts";
import { slowAgent } from "./slow-agent.ts";
import type { Story } from "./stage.ts";
import { stuckAndFree } from "./stuck-and-free.ts";
import { twoNode } from "./two-node.ts";
import { wrongDevice } from "./wrong-device.ts";

export const STORIES: readonly Story[] = [
  ifdown,
  crash,
  hang,
  daemonCrash,
  manual,
  fallback,
  executorBlind,
  stuckAndFree,
  slowAgent,
  lyingAgent,
  wrongDevice,
  cleanLeave,
  averted,
  external,
  noQuorum,
  twoNode,
  reunited,
  coldStart,
  coldStartUnknown,
  hungDisk,
  masterDies,
  allAtOnce,
  configLife,
  configUnconfirmed,
  lockCounter,
  lvmConcurrent,
  lvmFence,
  lvmDaemonRestart,
  lvmCrash,
];
