/**
 * libquorum, model v1: whether this partition is quorate, with the ring that the answer is for; and
 * the vote counts from libvotequorum. Source: corosync/quorum.h, corosync/votequorum.h.
 */
import koffi from "koffi";
import { CS, checkCs, DISPATCH_ONE } from "./cs.ts";
import { callAsync, loadLibrary, RingIdStruct, type TotemRing } from "./native.ts";
import { retryBusy } from "./retry-busy.ts";

const MODEL_V1 = 1;
const QUORUM_FREE = 0;
const TRACK_CURRENT_AND_CHANGES = 1 | 2;
const QDEVICE_NAME_BYTES = 255;

export interface QuorumNotice {
  readonly ring: TotemRing;
  readonly quorate: boolean;
}

export interface VoteInfo {
  readonly quorumVotes: number;
  readonly ownVotes: number;
  /** Votes that a quorum device casts now; absent: there is no device. */
  readonly deviceVotes?: number;
}

export interface Quorum {
  readonly fd: number;
  /** Errors: throws CorosyncError. */
  dispatch(max: number): QuorumNotice[];
  /** Votequorum's present counts. Errors: rejects with CorosyncError. */
  votes(): Promise<VoteInfo>;
  close(): Promise<void>;
}

const QuorumNotify = koffi.proto("BouncerQuorumNotify", "void", [
  "uint64_t",
  "uint32_t",
  RingIdStruct,
  "uint32_t",
  "uintptr_t",
]);
const NodelistNotify = koffi.proto("BouncerQuorumNodelist", "void", [
  "uint64_t",
  RingIdStruct,
  "uint32_t",
  "uintptr_t",
  "uint32_t",
  "uintptr_t",
  "uint32_t",
  "uintptr_t",
]);
const ModelV1 = koffi.struct({
  model: "int",
  quorum: koffi.pointer(QuorumNotify),
  nodelist: koffi.pointer(NodelistNotify),
});
/** Source: votequorum.h, VOTEQUORUM_INFO_QDEVICE_CAST_VOTE. */
const INFO_QDEVICE_CAST_VOTE = 256;

const Info = koffi.struct({
  nodeId: "unsigned int",
  nodeState: "unsigned int",
  nodeVotes: "unsigned int",
  nodeExpectedVotes: "unsigned int",
  highestExpected: "unsigned int",
  totalVotes: "unsigned int",
  quorum: "unsigned int",
  flags: "unsigned int",
  qdeviceVotes: "unsigned int",
  qdeviceName: koffi.array("char", QDEVICE_NAME_BYTES),
});

function bind() {
  const quorum = loadLibrary("libquorum.so.5", "libquorum5");
  const votequorum = loadLibrary("libvotequorum.so.8", "libvotequorum8");
  const pointerTo = koffi.pointer;
  return {
    initialize: quorum.func("quorum_model_initialize", "int", [
      koffi.out(pointerTo("uint64_t")),
      "int",
      pointerTo(ModelV1),
      koffi.out(pointerTo("uint32_t")),
      "void *",
    ]),
    finalize: quorum.func("int quorum_finalize(uint64_t handle)"),
    fdGet: quorum.func("int quorum_fd_get(uint64_t handle, _Out_ int *fd)"),
    trackStart: quorum.func("int quorum_trackstart(uint64_t handle, unsigned int flags)"),
    dispatch: quorum.func("int quorum_dispatch(uint64_t handle, int flags)"),
    votesInitialize: votequorum.func("int votequorum_initialize(_Out_ uint64_t *handle, void *callbacks)"),
    votesFinalize: votequorum.func("int votequorum_finalize(uint64_t handle)"),
    getInfo: votequorum.func("votequorum_getinfo", "int", [
      "uint64_t",
      "unsigned int",
      koffi.out(pointerTo(Info)),
    ]),
  };
}

/** Errors: rejects with a CorosyncError, or a sentence when votequorum is not configured. */
export async function openQuorum(nodeId: number): Promise<Quorum> {
  const lib = bind();
  const notices: QuorumNotice[] = [];
  const notify = koffi.register((_h: unknown, quorate: number, ring: TotemRing) => {
    notices.push({ ring: { ...ring }, quorate: quorate !== 0 });
  }, koffi.pointer(QuorumNotify));
  const nodelist = koffi.register(() => {}, koffi.pointer(NodelistNotify));
  const opened: (() => Promise<unknown>)[] = [
    async () => {
      koffi.unregister(notify);
      koffi.unregister(nodelist);
    },
  ];
  async function close(): Promise<void> {
    for (const release of opened.splice(0).reverse()) await release();
  }

  try {
    const handleOut: [bigint | number] = [0];
    const typeOut: [number] = [QUORUM_FREE];
    const model = { model: MODEL_V1, quorum: notify, nodelist };
    const code = await callAsync(lib.initialize, handleOut, MODEL_V1, model, typeOut, null);
    checkCs("quorum_model_initialize", code);
    const handle = handleOut[0];
    opened.push(() => callAsync(lib.finalize, handle));
    if (typeOut[0] === QUORUM_FREE) {
      throw new Error("no quorum provider: corosync.conf needs quorum { provider: corosync_votequorum }");
    }
    const votesOut: [bigint | number] = [0];
    checkCs("votequorum_initialize", await callAsync(lib.votesInitialize, votesOut, null));
    const votesHandle = votesOut[0];
    opened.push(() => callAsync(lib.votesFinalize, votesHandle));
    const fdOut: [number] = [-1];
    checkCs("quorum_fd_get", lib.fdGet(handle, fdOut));
    checkCs(
      "quorum_trackstart",
      await retryBusy(() => callAsync(lib.trackStart, handle, TRACK_CURRENT_AND_CHANGES)),
    );
    return {
      fd: fdOut[0],
      dispatch(max) {
        for (let turn = 0; turn < max; turn += 1) {
          const result = lib.dispatch(handle, DISPATCH_ONE) as number;
          if (result === CS.tryAgain) break;
          checkCs("quorum_dispatch", result);
        }
        return notices.splice(0);
      },
      async votes() {
        const info = { quorum: 0, nodeVotes: 0, flags: 0, qdeviceVotes: 0 };
        checkCs("votequorum_getinfo", await callAsync(lib.getInfo, votesHandle, nodeId, info));
        const { quorum: quorumVotes, nodeVotes: ownVotes, qdeviceVotes } = info;
        const isVoting = (info.flags & INFO_QDEVICE_CAST_VOTE) !== 0;
        // A device that is configured and gives no vote now gives none: it is there all the same.
        const deviceVotes = isVoting ? qdeviceVotes : 0;
        return { quorumVotes, ownVotes, ...(qdeviceVotes > 0 ? { deviceVotes } : {}) };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
