/**
 * Hands a text to `lvmlockctl`, which waits for it on a datagram socket with an abstract name: a kind of
 * socket that Node.js has not, so libc's is used. Never waits: whoever does not read misses something.
 * Source: lvmlockctl(8), unix(7).
 */
import koffi from "koffi";

const ADDRESS = "lvmlockd-dump.sock";
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
/** Units: bytes of one datagram. */
const DATAGRAM_BYTES = 32 * 1024;
/** Units: ms between two tries, and how often one datagram is tried. */
const RETRY_MS = 10;
const TRIES_MAX = 200;

function addressOf(name: string): Buffer {
  const address = Buffer.alloc(2 + 1 + name.length);
  address.writeUInt16LE(AF_UNIX, 0);
  address.write(name, 3, "latin1"); // The zero byte before it makes it abstract.
  return address;
}

/** Resolves with false when it did not get there whole. */
export async function sendDump(text: string, name: string = ADDRESS): Promise<boolean> {
  const libc = koffi.load("libc.so.6");
  const socket = libc.func("int socket(int domain, int type, int protocol)");
  const sendto = libc.func(
    "long sendto(int fd, const void *from, size_t bytes, int flags, const void *to, uint32_t length)",
  );
  const close = libc.func("int close(int fd)");
  const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) as number;
  if (fd < 0) return false;
  try {
    const bytes = Buffer.from(text);
    const address = addressOf(name);
    let tries = 0;
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + DATAGRAM_BYTES);
      const sent = Number(sendto(fd, part, part.length, MSG_DONTWAIT, address, address.length));
      if (sent === part.length) {
        at += sent;
        tries = 0;
      } else {
        if (++tries > TRIES_MAX) return false;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
    return true;
  } finally {
    close(fd);
  }
}
