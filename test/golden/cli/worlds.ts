/** The situations in which the transcripts are played, by name. */
import { readFileSync } from "node:fs";
import type { LogEvent } from "../../../src/api/events.ts";
import { type ErrorCode, OperationError } from "../../../src/core/errors.ts";
import { CONFIG_WORLDS } from "./config-worlds.ts";
import type { Answer, World } from "./fake-daemon.ts";
import {
  AFTER,
  DEAD_DEVICE,
  DEVICE,
  ENGINE_LOST,
  FAILED_STEP,
  FENCING,
  FENCING_ON_3,
  INCIDENT,
  INQUORATE,
  LONE,
  MANUAL,
  MIXED,
  NOW,
  ODD,
  OPEN,
  OUTSIDE,
  OVERRIDDEN,
  STILL_HELD,
  step,
  TWO_PRESENT,
} from "./fixtures.ts";
import { AGENTS, MANY, TROUBLED } from "./readiness.ts";

const refused = (code: ErrorCode, detail: string): Answer => ({ reply: new OperationError(code, detail) });

const line = (seconds: number, text: string, rest: Partial<LogEvent> = {}): LogEvent => ({
  at: NOW + seconds * 1_000,
  level: "info",
  code: "story",
  text,
  ...rest,
});

const STORY: readonly LogEvent[] = [
  line(0, "tpve02 is gone: node-down"),
  line(1, "fencing tpve02, attempt 4 from tpve01", { node: 2 }),
  line(11, "fencing tpve02, method ilo: ilo-02 off: Connection timed out", { level: "warn", node: 2 }),
  line(12, `a line of two\nlines, ${"long ".repeat(60)}`, { level: "error" }),
];

const READ_OFF = { action: "status", power: "off", tookMs: 87 } as const;
const FENCED = [FAILED_STEP, ...pdu()];

function pdu() {
  const use = { method: "pdu", methodIndex: 1, device: "pdu", agent: "fence_apc" };
  return [step(use), step({ ...use, ...READ_OFF })];
}

const fenced = (outcome: "success" | "failed" | "undefined", steps: readonly ReturnType<typeof step>[]) =>
  ({ reply: { type: "fenced", outcome, steps } }) as const;
const unfenced = (outcome: "success" | "failed" | "undefined", steps: readonly ReturnType<typeof step>[]) =>
  ({ reply: { type: "unfenced", outcome, steps } }) as const;
const checked = (...devices: (typeof DEVICE)[]) => ({ reply: { type: "checked", devices } }) as const;
const acknowledged = (victimsLeft: number[]) => ({ type: "acknowledged", victimsLeft }) as const;

/** Refused the first time, done the second. */
function leaveOnceRefused(): () => Answer {
  let asked = 0;
  const inUse = refused("DOM_IN_USE", "cannot leave, storage is in use: volume vg0/vm-101-disk-1");
  return () => (++asked % 2 === 1 ? inUse : { reply: { type: "left" } });
}

const still = (status: World["timeline"][number][1]): World["timeline"] => [[0, status]];

/** Each device of each node answers as its name says. */
const CHECKED: World["answers"] = {
  check: (request) => {
    if (request.type !== "check" || request.node === 3) return checked();
    return request.node === 1 ? checked({ ...DEVICE, deviceName: "ilo-01" }) : checked(DEAD_DEVICE);
  },
};

const LOCKS: World["locks"] = {
  count: 4,
  more: 0,
  resources: [
    {
      lockspace: "lvm_vg0",
      name: "VGLK",
      locks: [
        { node: "tpve01", owner: "lvcreate (pid 811)", mode: "EX", since: NOW - 3_000, persistent: false },
        {
          node: "tpve03",
          owner: "lvs (pid 90)",
          wants: "PR",
          since: NOW - 2_000,
          persistent: false,
          why: "tpve01 (lvcreate (pid 811)) holds EX",
        },
      ],
    },
    {
      lockspace: "default",
      name: "images/vm-101",
      locks: [
        {
          node: "tpve02",
          owner: "qemu (pid 5)",
          mode: "PR",
          wants: "EX",
          since: NOW - 90_000,
          persistent: false,
          why: "storage is held: may still be writing: tpve03",
        },
        { node: "tpve02", owner: "host", mode: "CR", since: NOW - 3_700_000, persistent: true },
      ],
    },
  ],
};

export const WORLDS: Readonly<Record<string, World>> = {
  down: { timeline: [] },
  open: { timeline: still(OPEN), log: STORY, incidents: [INCIDENT, OVERRIDDEN], locks: LOCKS },
  fencing: { timeline: still(FENCING) },
  "fencing-on-3": { timeline: still(FENCING_ON_3) },
  after: { timeline: still(AFTER) },
  lone: { timeline: still(LONE) },
  outside: { timeline: still(OUTSIDE) },
  mixed: { timeline: still(MIXED) },
  odd: { timeline: still(ODD) },
  "engine-lost": { timeline: still(ENGINE_LOST) },
  examples: { timeline: [] },
  stories: { timeline: [] },
  records: { timeline: [] },
  "has-configs": { timeline: [] },
  "has-imports": { timeline: [] },
  ...CONFIG_WORLDS,

  // Corosync 3 below the old names: see corosync-worlds.ts.
  "cman-three": { timeline: still(OPEN) },
  "cman-knet": { timeline: still(OPEN) },
  "cman-lost": { timeline: still(FENCING) },
  "cman-alone": { timeline: still(LONE) },
  "cman-outside": { timeline: still(OUTSIDE) },
  "cman-without-daemon": { timeline: [] },
  "cman-demo": { timeline: still(OPEN) },
  "cman-proxmox": { timeline: still(OPEN) },
  "no-incidents": { timeline: still(OPEN) },

  // Joining and leaving.
  joins: { timeline: still(OUTSIDE), answers: { join: { reply: { type: "joined" }, after: OPEN } } },
  "joins-slowly": {
    timeline: [
      [0, OUTSIDE],
      [25_000, OPEN],
    ],
    answers: { join: {} },
  },
  "never-joins": { timeline: still(OUTSIDE), answers: { join: {} } },
  "join-refused": {
    timeline: still(OUTSIDE),
    answers: { join: refused("DOM_EXPELLED", "tpve01 was expelled while it held storage") },
  },
  "starts-later": {
    timeline: [
      [0, "down"],
      [12_000, OUTSIDE],
    ],
    answers: { join: { reply: { type: "joined" }, after: OPEN } },
  },
  "engine-later": {
    timeline: [
      [0, ENGINE_LOST],
      [12_000, OUTSIDE],
    ],
    answers: { join: { reply: { type: "joined" }, after: OPEN } },
  },
  "quorum-later": {
    timeline: [
      [0, INQUORATE],
      [12_000, OUTSIDE],
    ],
    answers: { join: { reply: { type: "joined" }, after: OPEN } },
  },
  "no-quorum": {
    timeline: still(INQUORATE),
    answers: { join: { reply: { type: "joined" }, after: LONE } },
  },
  "two-present": {
    timeline: still(TWO_PRESENT),
    answers: { join: { reply: { type: "joined" }, after: OPEN } },
  },
  leaves: { timeline: still(OPEN), answers: { leave: { reply: { type: "left" }, after: OUTSIDE } } },
  "never-leaves": { timeline: still(OPEN), answers: { leave: {} } },
  "in-use": {
    timeline: still(OPEN),
    answers: {
      leave: refused(
        "DOM_IN_USE",
        "cannot leave, storage is in use: volume vg0/vm-101-disk-1, volume vg0/vm-102-disk-1",
      ),
    },
  },
  "in-use-then-free": {
    timeline: [
      [0, OPEN],
      [2_000, { ...OPEN, inUse: [] }],
    ],
    answers: {
      leave: leaveOnceRefused(),
    },
  },
  "gfs-mounted": { timeline: still(OPEN) },

  // Fencing.
  fences: {
    timeline: still(OPEN),
    answers: { fence: { ...fenced("success", FENCED), log: STORY.slice(1, 3), after: AFTER } },
  },
  "fence-fails": { timeline: still(OPEN), answers: { fence: fenced("failed", [FAILED_STEP]) } },
  "fence-undefined": { timeline: still(OPEN), answers: { fence: fenced("undefined", []) } },
  "fence-refused": {
    timeline: still(OPEN),
    answers: { fence: refused("DOM_NOT_QUORATE", "this partition has no quorum") },
  },
  // Off was refused, and it reads off: it is off. The other device said done and still reads on.
  "fence-doubtful": {
    timeline: still(OPEN),
    answers: {
      fence: fenced("failed", [
        FAILED_STEP,
        step(READ_OFF),
        step({ deviceIndex: 1, device: "pdu", agent: "fence_apc" }),
        step({ deviceIndex: 1, device: "pdu", agent: "fence_apc", ...READ_OFF, power: "on" }),
      ]),
    },
  },
  unfences: {
    timeline: still(OPEN),
    answers: {
      unfence: unfenced("success", [
        step({ action: "on", method: "unfence", device: "san", agent: "fence_scsi" }),
      ]),
    },
  },
  "unfence-fails": {
    timeline: still(OPEN),
    answers: {
      unfence: unfenced("failed", [
        step({
          action: "on",
          method: "unfence",
          device: "san",
          agent: "fence_scsi",
          result: "failed",
          text: "no",
        }),
      ]),
    },
  },
  "unfence-undefined": { timeline: still(OPEN), answers: { unfence: unfenced("undefined", []) } },

  // Reading devices.
  "reads-on": { timeline: still(OPEN), answers: { check: checked(DEVICE) } },
  "reads-off": { timeline: still(OPEN), answers: { check: checked({ ...DEVICE, power: "off" }) } },
  "reads-mixed": {
    timeline: still(OPEN),
    answers: { check: checked({ ...DEVICE, power: "off" }, { ...DEVICE, device: 1, deviceName: "pdu" }) },
  },
  "reads-nothing": { timeline: still(OPEN), answers: { check: checked(DEAD_DEVICE) } },
  checks: { timeline: still(OPEN), answers: CHECKED },
  "checks-troubled": { timeline: still(OPEN), answers: CHECKED, readiness: TROUBLED },
  looked: { timeline: still({ ...OPEN, readiness: { devices: 4, ready: 2, failing: 1 } }) },
  "checks-many": { timeline: still(OPEN), answers: { check: checked(DEVICE) }, readiness: MANY },
  "has-agents": { timeline: still(OPEN), agents: AGENTS },
  "checks-well": { timeline: still(OPEN), answers: { check: checked(DEVICE) } },
  "checks-until-loss": {
    timeline: [
      [0, OPEN],
      [1, FENCING],
    ],
    answers: { check: { ...checked(DEAD_DEVICE), after: FENCING } },
  },
  "quorum-lost": { timeline: still({ ...OPEN, quorate: false }), answers: { check: checked(DEVICE) } },
  "not-master": { timeline: still({ ...OPEN, node: "tpve03", nodeId: 3 }) },
  locked: { timeline: still(OPEN) },

  // Acknowledging.
  manual: {
    timeline: still(MANUAL),
    answers: { ack: { reply: acknowledged([]), after: AFTER } },
  },
  "manual-one-of-two": {
    timeline: still(MANUAL),
    answers: { ack: { reply: acknowledged([2]), after: STILL_HELD } },
  },
  "manual-stays-held": {
    timeline: still(MANUAL),
    answers: { ack: { reply: acknowledged([]), after: LONE } },
  },
  contradicted: {
    timeline: still(MANUAL),
    answers: {
      ack: refused("DOM_ACK_CONTRADICTED", "ilo-03 read on 4 s ago, asked by tpve01"),
    },
  },
  "not-lost": {
    timeline: still(OPEN),
    answers: { ack: refused("DOM_NOT_VICTIM", "tpve03 is no victim") },
  },
  "opens-later": {
    timeline: [
      [0, FENCING],
      [3_000, AFTER],
    ],
  },
};

const CLUSTER_CONF = `<?xml version="1.0"?>
<cluster name="tpve" config_version="5">
  <fencedevices>
    <fencedevice agent="fence_ilo" ipaddr="IP_ILO_TPVE01" name="ilo-01" login="LOGIN" passwd="hunter2"/>
    <fencedevice agent="fence_ilo" ipaddr="IP_ILO_TPVE02" name="ilo-02" login="LOGIN" passwd="hunter2"/>
    <fencedevice agent="fence_apc" ipaddr="IP_PDU" name="pdu" login="LOGIN" passwd="hunter2"/>
    <fencedevice agent="fence_scsi" name="san" devices="/dev/mapper/lun0"/>
  </fencedevices>
  <clusternodes>
    <clusternode name="tpve01" nodeid="1" votes="1">
      <fence><method name="ilo"><device name="ilo-01"/></method></fence>
      <unfence><device name="san" action="on"/></unfence>
    </clusternode>
    <clusternode name="tpve02" nodeid="2" votes="1">
      <fence>
        <method name="ilo"><device name="ilo-02"/></method>
        <method name="pdu"><device name="pdu" port="2"/></method>
      </fence>
    </clusternode>
    <clusternode name="tpve03" nodeid="3" votes="1"/>
  </clusternodes>
</cluster>
`;

const CONF = { "/etc/cluster/cluster.conf": CLUSTER_CONF };

function example(name: string): string {
  return readFileSync(new URL(`../../../docs/examples/${name}`, import.meta.url), "utf8");
}

/** Files of the host in some of the situations. */
export const FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  stories: {
    "lost.scn":
      "# A node is lost.\n\ncluster nodes=3 story=no\nboot 1,2,3\n\ncrash 2\nrun 20s\n\nhistory 1\nls 1\n",
    "wrong.scn":
      "# Nothing was lost.\n\ncluster nodes=3 story=no\nboot 1,2,3\n\nhistory 1\n----\n#1 n1 node-down\n",
    "typo.scn": "# A word is wrong.\n\ncluster nodes=3 story=no\nbot 1\n",
  },
  records: {
    "broken.ndjson": '{"type":"boot","format":1}\n{"type":',
    "other.ndjson": '{"some":"thing"}\n',
  },
  examples: Object.fromEntries(
    ["article.conf", "five-nodes.conf", "two-nodes.conf"].flatMap((name) =>
      [name, `docs/examples/${name}`].map((path) => [path, example(name)]),
    ),
  ),
  "has-imports": {
    "dlm.conf":
      "log_debug=1\ndevice apc fence_apc ip=192.0.2.9 username=a password=hunter2\n" +
      "connect apc node=1 port=1\nconnect apc node=2 port=2\nconnect apc node=3 port=3\n",
    "corosync.conf":
      "totem {\n  cluster_name: tpve\n}\nnodelist {\n" +
      [1, 2, 3].map((id) => `  node {\n    name: tpve0${id}\n    nodeid: ${id}\n  }\n`).join("") +
      "}\n",
  },
  "cman-three": CONF,
  "cman-knet": CONF,
  "cman-lost": CONF,
  "cman-alone": CONF,
  "cman-without-daemon": CONF,
  "cman-demo": CONF,
  "cman-proxmox": { ...CONF, "/etc/pve": "corosync.conf\n" },
  fences: CONF,
  unfences: CONF,
  checks: CONF,
  "config-staged": CONF,
  "config-refused": CONF,
  "config-overtaken": CONF,
  configured: CONF,
  "has-configs": {
    ...CONF,
    "broken.conf": CLUSTER_CONF.replace('login="LOGIN"', 'logn="LOGIN"').replace("ilo-02", "il0-02"),
    "no.xml": "<cluster>",
    "old.conf": CLUSTER_CONF.replace('version="5"', 'version="4"'),
    "newer.conf": CLUSTER_CONF.replace('version="5"', 'version="6"').replace(
      '"tpve03" nodeid="3" votes="1"/>',
      '"tpve03" nodeid="3"><fence><method name="power"><device name="pdu" port="3"/></method></fence></clusternode>',
    ),
  },
  "gfs-mounted": {
    "/proc/mounts": "/dev/vg0/a / ext4 rw 0 0\n/dev/vg0/g /srv/g gfs2 rw 0 0\n/dev/vg0/h /srv/h gfs rw 0 0\n",
    "/sys/kernel/dlm": "clvmd\nrgmanager\n",
  },
};
