/** A simulated iLO or Integrity MP by its command line over SSH, as ssh and Debian's agents want it. */
import ssh2, { type Algorithms, type Connection, type ServerChannel } from "ssh2";
import type { Chassis } from "../chassis/chassis.ts";
import { createCommandLine } from "./command-line.ts";
import type { SmclpFault } from "./faults.ts";
import { createHostKey, type HostKey } from "./host-key.ts";

export interface SmclpSimulatorOptions {
  readonly model: "ilo" | "mp";
  readonly chassis: Chassis;
  readonly login: { readonly user: string; readonly password: string };
  readonly host?: string;
  /** 0, the default: any free one. */
  readonly port?: number;
  /** `old`: nothing that an OpenSSH of today would offer by itself. */
  readonly algorithms?: "today" | "old";
}

export interface SmclpSimulator {
  readonly host: string;
  readonly port: number;
  /** `SHA256:…` of its host key now. */
  readonly fingerprint: string;
  /** Lines that were carried out, the oldest first; at most {@link COMMANDS_KEPT_MAX}. */
  readonly commands: readonly string[];
  /** Shells that are open. */
  readonly sessions: number;
  misbehave(fault: SmclpFault): void;
  /** Like a card that was set back: it makes itself another host key. */
  renewHostKey(): Promise<void>;
  close(): Promise<void>;
}

export const COMMANDS_KEPT_MAX = 1_000;
const LINE_LENGTH_MAX = 1_024;
/** Units: ms before and behind the line with the state. */
const LINE_MS = 15;
/** Units: bytes that a card prints that does not stop. */
const FLOOD_BYTES = 4_000_000;

const OLD = {
  kex: ["diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1"],
  serverHostKey: ["ssh-rsa"],
  cipher: ["aes128-cbc", "3des-cbc"],
  hmac: ["hmac-sha1", "hmac-md5"],
} as const;

export async function openSmclpSimulator(options: SmclpSimulatorOptions): Promise<SmclpSimulator> {
  const { model, chassis, login, host = "127.0.0.1", algorithms = "today" } = options;
  const commands: string[] = [];
  const connections = new Set<Connection>();
  let fault: SmclpFault = { type: "none" };
  let sessions = 0;
  let hostKey: HostKey = createHostKey(algorithms);

  function onConnection(connection: Connection): void {
    connections.add(connection);
    connection.on("close", () => connections.delete(connection));
    connection.on("error", () => {}); // Clients that hang up are no matter.
    connection.on("authentication", (attempt) => {
      const isUser = attempt.username === login.user && fault.type !== "other-password";
      if (attempt.method === "password" && isUser && attempt.password === login.password) attempt.accept();
      else attempt.reject(["password"]);
    });
    connection.on("ready", () => {
      connection.on("session", (accept, reject) => {
        if (fault.type === "sessions-full") return void reject();
        const session = accept();
        session.on("pty", (acceptPty) => acceptPty?.());
        session.on("shell", (acceptShell) => serve(acceptShell()));
      });
    });
  }

  function serve(channel: ServerChannel): void {
    sessions += 1;
    channel.on("close", () => {
      sessions -= 1;
    });
    channel.on("error", () => {});
    const line = createCommandLine({ model, chassis, fault: () => fault, onCommand: keep });
    let pending = "";
    let answers = 0;
    let work = Promise.resolve();

    async function reply(text: string): Promise<void> {
      const now = fault;
      if (now.type === "slow") await new Promise((resolve) => setTimeout(resolve, now.ms));
      if (now.type === "silent" || channel.destroyed) return;
      if (now.type === "drops" && answers >= now.after) return void channel.destroy();
      answers += 1;
      if (now.type === "floods") channel.write("x".repeat(FLOOD_BYTES));
      else if (now.type === "garbage") channel.write(Buffer.concat([now.bytes, Buffer.from(line.prompt)]));
      else await print(text + line.prompt);
    }

    /**
     * The line with the state alone, with a pause on both sides: Debian's agents read a line that has
     * come half ("enabledstate=en") as off, and would fail here one time in ten.
     */
    async function print(text: string): Promise<void> {
      for (const piece of text.split(/(?<=\n)(?=\s*enabledstate=)|(?<=enabledstate=.*\n)/)) {
        channel.write(piece);
        if (piece.length < text.length) await new Promise((resolve) => setTimeout(resolve, LINE_MS));
      }
    }

    async function take(typed: string): Promise<void> {
      const answer = line.answer(typed);
      if (answer === undefined) {
        channel.exit(0);
        channel.end();
      } else await reply(answer);
    }

    work = work.then(() =>
      reply(
        `User:${login.user} logged-in to ILOCZJ84602N7(192.0.2.7)\r\niLO 3 Standard 1.82 at  Mar 13 2015\r\nServer Name: \r\nServer Power: On\r\n`,
      ),
    );
    channel.on("data", (part: Buffer) => {
      const typed = part.toString("latin1");
      if (fault.type !== "silent") channel.write(typed.replace(/\r\n?|\n/g, "\r\n"));
      pending = (pending + typed).slice(-LINE_LENGTH_MAX);
      // A carriage return is a line, and so is a line feed that does not follow one.
      for (let at = pending.search(/[\r\n]/); at >= 0; at = pending.search(/[\r\n]/)) {
        const one = pending.slice(0, at);
        pending = pending.slice(at + (pending.startsWith("\r\n", at) ? 2 : 1));
        work = work.then(() => take(one));
      }
    });
  }

  function keep(command: string): void {
    commands.push(command);
    if (commands.length > COMMANDS_KEPT_MAX) commands.shift();
  }

  async function listen(port: number): Promise<ssh2.Server> {
    const server = new ssh2.Server(
      {
        hostKeys: [hostKey.privateKey],
        ident: "mpSSH_0.2.1",
        ...(algorithms === "old" ? { algorithms: OLD as unknown as Algorithms } : {}),
      },
      onConnection,
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => resolve());
    });
    return server;
  }

  function shut(server: ssh2.Server): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of connections) connection.end();
    return closed;
  }

  let server = await listen(options.port ?? 0);
  const { port } = server.address() as { port: number };
  return {
    host,
    port,
    commands,
    get fingerprint() {
      return hostKey.fingerprint;
    },
    get sessions() {
      return sessions;
    },
    misbehave(next) {
      fault = next;
    },
    async renewHostKey() {
      await shut(server);
      hostKey = createHostKey(algorithms);
      server = await listen(port);
    },
    close: () => shut(server),
  };
}
