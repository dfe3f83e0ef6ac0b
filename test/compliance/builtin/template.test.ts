/** The template of docs/writing-agents.md: described, run as a command, and through the contract of agents. */
import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { describe, test } from "node:test";
import { parseAgentMetadata } from "../../../src/adapters/process/agent-metadata.ts";
import { formatMetadata } from "../../../src/agents/frame/metadata.ts";
import { type Simulated, SLOW_MS, type Start } from "../../../src/bmc/by-hand/simulated.ts";
import { TEMPLATE_AGENT } from "../../fixtures/agents/template-agent.ts";
import { keepsContract } from "./contract.ts";

test("its description is one that the daemon can read", () => {
  const described = parseAgentMetadata(formatMetadata(TEMPLATE_AGENT));
  assert.equal(described?.name, "fence_template");
  assert.deepEqual(
    described?.actions.map(({ name }) => name),
    ["on", "off", "reboot", "status", "monitor", "metadata", "manpage", "validate-all"],
  );
});

describe("the contract of agents", () => {
  test("fence_template", (t) =>
    keepsContract(t, { agent: TEMPLATE_AGENT, start, more: { shell_timeout: "1" } }));
});

/** The device of the template, with everything that devices do wrong. */
const start: Start = async ({ chassis, host, port, login, password }): Promise<Simulated> => {
  let fault = "none";
  const sockets = new Set<Socket>();
  function answer(line: string): string {
    const [word = "", ...rest] = line.trim().split(" ");
    if (word === "login") {
      const isRight = rest.join(" ") === `${login} ${password}` && fault !== "wrong-password";
      return isRight ? "welcome" : "who are you";
    }
    if (fault === "garbage") return "0ff";
    if (word === "power") return chassis.power;
    if (fault === "no-privilege") return "you may not";
    if (fault !== "lies") chassis.turn(word === "on" ? "on" : "off");
    return "done";
  }
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    socket.on("data", (part: Buffer) => {
      if (fault === "silent") return;
      if (fault === "drops") return void socket.destroy();
      const text = fault === "floods" ? "x".repeat(100_000) : `${answer(part.toString("latin1"))}\n`;
      setTimeout(() => socket.write(text), fault === "slow" ? SLOW_MS : 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const { port: at } = server.address() as { port: number };
  const names = [
    "none",
    "wrong-password",
    "no-privilege",
    "silent",
    "slow",
    "drops",
    "lies",
    "garbage",
    "floods",
  ];
  const begin = (name: string) => () => {
    fault = name;
  };
  return {
    host,
    port: at,
    faults: Object.fromEntries(names.map((name) => [name, begin(name)])),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};
