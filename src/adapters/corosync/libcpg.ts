/** libcpg, model v1: closed process groups with the ids of totem rings. Source: corosync/cpg.h. */
import koffi from "koffi";
import { CS, checkCs, DISPATCH_ONE } from "./cs.ts";
import {
  type Address,
  callAsync,
  copyBytes,
  copyUint32,
  loadLibrary,
  RingIdStruct,
  type TotemRing,
} from "./native.ts";

const MODEL_V1 = 1;
const TYPE_AGREED = 2;
const FLAG_DELIVER_INITIAL_TOTEM_CONF = 1;
const NAME_BYTES = 128;

export const CPG_REASON = { join: 1, leave: 2, nodeDown: 3, nodeUp: 4, processDown: 5 } as const;

export interface CpgAddress {
  readonly nodeid: number;
  readonly pid: number;
  readonly reason: number;
}

/** What libcpg has called back since the last dispatch. */
export type CpgEvent =
  | { readonly type: "message"; readonly nodeid: number; readonly pid: number; readonly payload: Uint8Array }
  | {
      readonly type: "group";
      readonly members: readonly CpgAddress[];
      readonly left: readonly CpgAddress[];
      readonly joined: readonly CpgAddress[];
    }
  | { readonly type: "ring"; readonly ring: TotemRing; readonly nodes: readonly number[] };

export interface Cpg {
  readonly fd: number;
  readonly localNodeId: number;
  /** Resolves with the result of cpg_join: CS_OK, or CS_ERR_TRY_AGAIN while Corosync is busy. */
  join(): Promise<number>;
  leave(): Promise<number>;
  /** CS_OK, or CS_ERR_TRY_AGAIN when flow control is on. */
  multicast(payload: Uint8Array): number;
  /** At most `max` callbacks, as events in their order. Errors: throws CorosyncError. */
  dispatch(max: number): CpgEvent[];
  close(): Promise<void>;
}

const Name = koffi.struct({ length: "uint32_t", value: koffi.array("char", NAME_BYTES) });
const Iovec = koffi.struct({ base: "void *", len: "size_t" });
const Deliver = koffi.proto(
  "void BouncerCpgDeliver(uint64_t handle, uintptr_t name, uint32_t nodeid, uint32_t pid, uintptr_t msg, size_t len)",
);
const Confchg = koffi.proto(
  "void BouncerCpgConfchg(uint64_t handle, uintptr_t name, uintptr_t members, size_t memberCount, uintptr_t left, size_t leftCount, uintptr_t joined, size_t joinedCount)",
);
const TotemConfchg = koffi.proto("BouncerCpgTotem", "void", [
  "uint64_t",
  RingIdStruct,
  "uint32_t",
  "uintptr_t",
]);
const ModelV1 = koffi.struct({
  model: "int",
  deliver: koffi.pointer(Deliver),
  confchg: koffi.pointer(Confchg),
  totem: koffi.pointer(TotemConfchg),
  flags: "unsigned int",
});

function bind() {
  const lib = loadLibrary("libcpg.so.4", "libcpg4");
  const pointerTo = koffi.pointer;
  return {
    initialize: lib.func("cpg_model_initialize", "int", [
      koffi.out(pointerTo("uint64_t")),
      "int",
      pointerTo(ModelV1),
      "void *",
    ]),
    finalize: lib.func("int cpg_finalize(uint64_t handle)"),
    fdGet: lib.func("int cpg_fd_get(uint64_t handle, _Out_ int *fd)"),
    localGet: lib.func("int cpg_local_get(uint64_t handle, _Out_ uint32_t *nodeid)"),
    join: lib.func("cpg_join", "int", ["uint64_t", pointerTo(Name)]),
    leave: lib.func("cpg_leave", "int", ["uint64_t", pointerTo(Name)]),
    dispatch: lib.func("int cpg_dispatch(uint64_t handle, int flags)"),
    mcast: lib.func("cpg_mcast_joined", "int", ["uint64_t", "int", pointerTo(Iovec), "uint32_t"]),
  };
}

/** Errors: rejects with a CorosyncError, CS_ERR_LIBRARY when Corosync does not run. */
export async function openCpg(groupName: string): Promise<Cpg> {
  const cpg = bind();
  const events: CpgEvent[] = [];
  const callbacks = [
    koffi.register(
      (_h: unknown, _name: unknown, nodeid: number, pid: number, msg: Address, len: number | bigint) => {
        events.push({ type: "message", nodeid, pid, payload: copyBytes(msg, Number(len)) });
      },
      koffi.pointer(Deliver),
    ),
    koffi.register(
      (_h: unknown, _name: unknown, ...lists: [Address, bigint, Address, bigint, Address, bigint]) => {
        events.push({
          type: "group",
          members: readAddresses(lists[0], lists[1]),
          left: readAddresses(lists[2], lists[3]),
          joined: readAddresses(lists[4], lists[5]),
        });
      },
      koffi.pointer(Confchg),
    ),
    koffi.register((_h: unknown, ring: TotemRing, count: number, nodes: Address) => {
      events.push({ type: "ring", ring: { ...ring }, nodes: [...copyUint32(nodes, count)] });
    }, koffi.pointer(TotemConfchg)),
  ];
  const unregister = (): void => {
    for (const callback of callbacks) koffi.unregister(callback);
  };
  const name = { length: groupName.length, value: groupName };
  const handleOut: [bigint | number] = [0];
  const [deliver, confchg, totem] = callbacks;
  const model = { model: MODEL_V1, deliver, confchg, totem, flags: FLAG_DELIVER_INITIAL_TOTEM_CONF };
  try {
    checkCs("cpg_model_initialize", await callAsync(cpg.initialize, handleOut, MODEL_V1, model, null));
  } catch (error) {
    unregister();
    throw error;
  }
  const handle = handleOut[0];

  async function close(): Promise<void> {
    await callAsync(cpg.finalize, handle);
    unregister();
  }

  try {
    const fdOut: [number] = [-1];
    checkCs("cpg_fd_get", cpg.fdGet(handle, fdOut));
    const nodeOut: [number] = [0];
    checkCs("cpg_local_get", await callAsync(cpg.localGet, handle, nodeOut));
    return {
      fd: fdOut[0],
      localNodeId: nodeOut[0],
      join: () => callAsync(cpg.join, handle, name),
      leave: () => callAsync(cpg.leave, handle, name),
      multicast: (payload) => cpg.mcast(handle, TYPE_AGREED, { base: payload, len: payload.length }, 1),
      dispatch(max) {
        for (let turn = 0; turn < max; turn += 1) {
          const code = cpg.dispatch(handle, DISPATCH_ONE) as number;
          if (code === CS.tryAgain) break;
          checkCs("cpg_dispatch", code);
        }
        return events.splice(0);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function readAddresses(from: Address, count: bigint | number): CpgAddress[] {
  const words = copyUint32(from, 3 * Number(count));
  return Array.from({ length: Number(count) }, (_, index) => ({
    nodeid: words[3 * index] ?? 0,
    pid: words[3 * index + 1] ?? 0,
    reason: words[3 * index + 2] ?? 0,
  }));
}
