import { spawn } from "node:child_process";

export interface Ended {
  /** Undefined: ended by a signal, or could not be started. */
  readonly code: number | undefined;
  readonly text: string;
}

/** Units: ms. No client may take longer for one action. */
const CLIENT_MS_MAX = 40_000;
const TEXT_BYTES_MAX = 65_536;

/** Agents are looked for where root finds them. The whole process group ends with the client. */
export function runClient(argv: readonly string[]): Promise<Ended> {
  const [program = "", ...args] = argv;
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      env: { PATH: path, LC_ALL: "C", PYTHONWARNINGS: "ignore" },
    });
    let text = "";
    const take = (part: Buffer): void => {
      if (text.length < TEXT_BYTES_MAX) text += part.toString("utf8");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    const timer = setTimeout(() => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        child.kill("SIGKILL"); // The group is gone already.
      }
    }, CLIENT_MS_MAX);
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ code: undefined, text: error.message });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? undefined, text });
    });
  });
}
