/**
 * Where the management controllers have the power of their machines switched. The chassis script of
 * ipmi_sim connects, writes one line, reads the answer; ipmi_sim stands still meanwhile. What the power
 * is it reads from a file: see ../node/power-file.ts.
 */
import { createServer, type Socket } from "node:net";

/** The machine behind a controller. */
export interface Chassis {
  /** The truth: "off" only when nothing of the machine runs any more. */
  power(): "on" | "off";
  /** Order: resolves when the power is off (really) or on (boot has begun); never rejects. */
  switchPower(to: "on" | "off"): Promise<void>;
}

export interface Desk {
  close(): Promise<void>;
}

/**
 * How long an answer to "off" may wait for the machine to be gone: short of the second after which
 * IPMI clients repeat themselves. Units: ms.
 */
const OFF_ANSWER_MS = 400;
const QUESTION_MAX = 200;

/** Answers on the Unix socket `path`. `find` gives the chassis that a controller's name stands for. */
export function openDesk(path: string, find: (controller: string) => Chassis | undefined): Promise<Desk> {
  const server = createServer({ allowHalfOpen: true }, (socket) => serve(socket, find));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, () => {
      resolve({ close: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

function serve(socket: Socket, find: (controller: string) => Chassis | undefined): void {
  let question = "";
  socket.on("error", () => socket.destroy());
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    question += chunk;
    if (question.length > QUESTION_MAX) socket.destroy();
  });
  socket.on("end", () => {
    const [controller = "", ...words] = question.trim().split(" ");
    const chassis = find(controller);
    const reply = chassis === undefined ? Promise.resolve("refused\n") : answer(chassis, words);
    void reply.then((text) => socket.end(text));
  });
}

async function answer(chassis: Chassis, words: readonly string[]): Promise<string> {
  const [verb, what, value] = words;
  if (verb === "check") return "";
  if (verb === "set" && what === "power") return switchAndWait(chassis, value === "1" ? "on" : "off");
  if (verb === "set" && what === "shutdown") return switchAndWait(chassis, "off");
  if (verb === "set" && what === "reset") {
    void chassis.switchPower("off").then(() => chassis.switchPower("on"));
    return "";
  }
  return "refused\n";
}

async function switchAndWait(chassis: Chassis, to: "on" | "off"): Promise<string> {
  const late = new Promise<void>((resolve) => {
    AbortSignal.timeout(OFF_ANSWER_MS).addEventListener("abort", () => resolve());
  });
  await Promise.race([chassis.switchPower(to), late]);
  return "";
}
