/** What `lvmlockctl --info` and `--dump` show, in the lines that it reads. Source: lvmlockctl of LVM 2.03.16. */
import type { Mode } from "../../core/locks/modes.ts";
import type { ClientEntry, Host } from "./host.ts";
import { argsOf, GLOBAL_LOCK, GLOBAL_LOCKSPACE, GROUP_LOCK, STARTED } from "./names.ts";

/** Units: bytes. What it has room for. */
const BYTES_MAX = 1024 * 1024;
/** Clients that it has room for. */
const CLIENTS_MAX = 100;

const word = (mode: Mode | undefined): string => (mode === "EX" ? "ex" : mode === "PR" ? "sh" : "un");

/** A lock is shown with the command that has it; the host's own have none. */
function resourceLines(
  name: string,
  type: string,
  holders: readonly (readonly [Mode, number])[],
): readonly string[] {
  const [first] = holders;
  if (first === undefined) return [];
  const shared = first[0] === "PR" ? holders.length : 0;
  return [
    `info=r name=${name} type=${type} mode=${word(first[0])} sh_count=${shared} version=0`,
    ...holders.map(([mode, client]) => `info=lk mode=${word(mode)} version=0 flags=0x0 client_id=${client}`),
  ];
}

function ofCommands(
  clients: readonly ClientEntry[],
  lockspace: string,
  name: string,
): (readonly [Mode, number])[] {
  return clients.flatMap(({ id, locks }) => {
    const mode = locks.modeOf(lockspace, name);
    return mode === undefined ? [] : [[mode, id] as const];
  });
}

function waitLines(clients: readonly ClientEntry[], lockspace: string, name: string): readonly string[] {
  return clients
    .filter(({ locks }) => locks.has(lockspace, name) && locks.modeOf(lockspace, name) === undefined)
    .map(
      ({ id }) =>
        `info=r_action client_id=${id} flags=0x0 version=0 op=lock rt=vg mode=ex lm_type=dlm result=0 lm_rv=0`,
    );
}

function lockspaceLines(host: Host, clients: readonly ClientEntry[], lockspace: string): readonly string[] {
  const type = lockspace === GLOBAL_LOCKSPACE ? "gl" : "vg";
  const name = type === "gl" ? GLOBAL_LOCK : GROUP_LOCK;
  const volumes = host.locks.namesIn(lockspace).filter((one) => one !== STARTED);
  const transient = clients.flatMap(({ locks }) => locks.namesIn(lockspace).filter((one) => one !== name));
  return [
    ...resourceLines(name, type, ofCommands(clients, lockspace, name)),
    ...waitLines(clients, lockspace, name),
    ...[...new Set([...volumes, ...transient])].flatMap((volume) => {
      const mode = host.locks.modeOf(lockspace, volume);
      const ofHost = mode === undefined ? [] : [[mode, 0] as const];
      return resourceLines(volume, "lv", [...ofHost, ...ofCommands(clients, lockspace, volume)]);
    }),
  ];
}

export function formatInfo(host: Host): string {
  const clients = [...host.clients].slice(0, CLIENTS_MAX);
  const args = argsOf(host.cluster());
  const flags = (killed: boolean): string =>
    `host_id=0 create_fail=0 create_done=1 thread_work=1 thread_stop=0 thread_done=0 kill_vg=${killed ? 1 : 0} drop_vg=0 sanlock_gl_enabled=0`;
  const ls = (name: string, group: string, uuid: string, killed: boolean): string =>
    `info=ls ls_name=${name} vg_name=${group} vg_uuid=${uuid || "none"} vg_sysid=none vg_args=${args} lm_type=dlm ${flags(killed)}`;
  const lines = [
    "info=structs unused_action_count=0 unused_client_count=0 unused_resource_count=0 unused_lock_count=0",
    ...clients.map(({ id, pid, name }) => `info=client pid=${pid} fd=0 pi=0 id=${id} name=${name}`),
    ls(GLOBAL_LOCKSPACE, "none", "", false),
    ...lockspaceLines(host, clients, GLOBAL_LOCKSPACE),
    ...host.groups
      .started()
      .flatMap(({ lockspace, name, uuid, killed }) => [
        ls(lockspace, name, uuid, killed),
        ...lockspaceLines(host, clients, lockspace),
      ]),
  ];
  let bytes = 0;
  const fitting = lines.filter((line) => {
    bytes += line.length + 1;
    return bytes <= BYTES_MAX;
  });
  return `${fitting.join("\n")}\n`;
}
