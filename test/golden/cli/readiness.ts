/** What members have seen of the fence devices, for the transcripts of `bouncer check`. */
import type { AgentReport } from "../../../src/api/agents.ts";
import type { ReadinessCell, ReadinessView } from "../../../src/core/readiness/view.ts";

const WELL: ReadinessCell = {
  from: "tpve01",
  standing: "ready",
  power: "on",
  tookMs: 12,
  ageMs: 31_000,
  detail: "",
};
const ILO = { method: 0, methodName: "ilo", plug: "", agent: "fence_ilo" } as const;

const WRONG = "ilo-01 is not tpve01's, it is tpve03's (serial CZJ2080123): a shot at tpve01 would hit tpve03";

/** tpve02 has the wrong password, and was told by tpve01's device that it is tpve03's. */
export const TROUBLED: ReadinessView = {
  node: "tpve01",
  intervalMs: 60_000,
  nodes: [
    {
      node: "tpve01",
      prediction: { type: "after", ms: 4_320, executor: "tpve02", method: "ilo", isMeasured: true },
      alarms: [],
      devices: [
        {
          ...ILO,
          deviceName: "ilo-01",
          verdict: "untold",
          cells: [
            { ...WELL, from: "tpve02", alarm: WRONG },
            { ...WELL, from: "tpve03", tookMs: 130, ageMs: 900 },
          ],
        },
      ],
    },
    {
      node: "tpve02",
      prediction: { type: "never", why: "no-device" },
      alarms: [
        "tpve01 could not fence tpve02 with ilo-02: Connection timed out",
        "no member could fence tpve02 now: if it is lost, storage stays held until a person acts",
      ],
      devices: [
        {
          ...ILO,
          deviceName: "ilo-02",
          verdict: "untold",
          cells: [
            { ...WELL, standing: "failing", power: "unknown" },
            {
              ...WELL,
              from: "tpve03",
              standing: "failing",
              power: "unknown",
              kind: "credentials",
              detail: "credentials: 192.0.2.2:623 has another password for this login: wrong credentials",
            },
          ],
        },
      ],
    },
    { node: "tpve03", prediction: { type: "never", why: "no-method" }, alarms: [], devices: [] },
  ],
};

/** Thirteen members, most of which agree. */
export const MANY: ReadinessView = {
  node: "tpve01",
  intervalMs: 60_000,
  nodes: [
    {
      node: "tpve02",
      prediction: { type: "after", ms: 140, executor: "tpve01", method: "ilo", isMeasured: false },
      alarms: [],
      devices: [
        {
          ...ILO,
          deviceName: "ilo-02",
          verdict: "own",
          cells: [
            WELL,
            ...Array.from({ length: 9 }, (_, index) => ({
              ...WELL,
              from: `tpve${String(index + 3).padStart(2, "0")}`,
              tookMs: 20 + index,
              ageMs: 2_000 * index,
            })),
            { ...WELL, from: "tpve12", standing: "stale", power: "unknown", ageMs: 200_000 },
            { ...WELL, from: "tpve13", standing: "doubtful", power: "unknown", detail: "timeout: no answer" },
            { from: "tpve14", standing: "unknown", power: "unknown", detail: "it has not told yet" },
          ],
        },
      ],
    },
  ],
};

export const AGENTS: readonly AgentReport[] = [
  {
    agent: "fence_ilo4",
    devices: ["ilo-01", "ilo-02"],
    used: "builtin",
    why: "built in; /usr/sbin/fence_ilo4 is not used",
    executable: "/usr/sbin/fence_ilo4",
  },
  {
    agent: "fence_ilo4",
    devices: ["ilo-03"],
    used: "executable",
    why: 'builtin="0" is written; runs /usr/sbin/fence_ilo4',
    executable: "/usr/sbin/fence_ilo4",
  },
  {
    agent: "fence_brocade",
    devices: ["san"],
    used: "none",
    why: "not built in, and there is no executable of this name on this node",
  },
];
