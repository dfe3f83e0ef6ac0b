/** Tells systemd how the daemon is. Source: sd_notify(3). Node has no datagram sockets of the Unix kind. */
import koffi from "koffi";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
/** sizeof(sun_path). */
const PATH_BYTES_MAX = 108;

export interface Notifier {
  /** Somebody hears it: the daemon was started by systemd. */
  readonly listening: boolean;
  /** Never blocks, never throws: what systemd does not take at once is lost. */
  send(state: string): void;
  /** How often the watchdog wants to hear of us; absent: not at all. Units: ms. */
  readonly watchdogMs?: number;
}

const SILENT: Notifier = { listening: false, send: () => {} };

/** Outside of systemd (no NOTIFY_SOCKET) it does nothing and loads nothing. */
export function openNotifier(env: NodeJS.ProcessEnv = process.env): Notifier {
  const path = env["NOTIFY_SOCKET"];
  if (path === undefined || !/^[/@]/.test(path) || Buffer.byteLength(path) >= PATH_BYTES_MAX) return SILENT;
  const libc = koffi.load("libc.so.6");
  const socket = libc.func("int socket(int domain, int type, int protocol)");
  const sendto = libc.func(
    "int64_t sendto(int fd, const uint8_t *data, size_t length, int flags, const uint8_t *address, uint32_t size)",
  );
  const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number;
  if (fd < 0) return SILENT;
  const address = unixAddress(path);
  const watchdogMs = watchdogInterval(env);
  return {
    listening: true,
    send(state) {
      const data = Buffer.from(state);
      sendto(fd, data, data.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length);
    },
    ...(watchdogMs === undefined ? {} : { watchdogMs }),
  };
}

/** `struct sockaddr_un`; a leading `@` stands for the NUL of an abstract address. */
function unixAddress(path: string): Buffer {
  const name = Buffer.from(path.startsWith("@") ? `\0${path.slice(1)}` : `${path}\0`);
  const address = Buffer.alloc(2 + name.length);
  address.writeUInt16LE(AF_UNIX, 0);
  name.copy(address, 2);
  return address;
}

/** Half of the limit, as sd_watchdog_enabled(3) advises; only when it is meant for this process. */
function watchdogInterval(env: NodeJS.ProcessEnv): number | undefined {
  const usec = Number(env["WATCHDOG_USEC"]);
  const pid = env["WATCHDOG_PID"];
  if (!Number.isFinite(usec) || usec <= 0) return undefined;
  if (pid !== undefined && pid !== "" && Number(pid) !== process.pid) return undefined;
  return Math.max(Math.floor(usec / 2_000), 10);
}
