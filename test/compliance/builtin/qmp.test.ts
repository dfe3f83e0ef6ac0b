/** fence_qmp against real QEMU, and against a monitor that talks nonsense. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { powerOfState } from "../../../src/agents/qmp/states.ts";
import { ask, deadPort, type Given, kindOf, runAsCommand } from "./ask.ts";
import { skipWithout } from "./compare.ts";

const AGENT = "fence_qmp";
const QEMU = "/usr/bin/qemu-system-x86_64";
const UUID = "11111111-2222-3333-4444-555555555555";

describe("against QEMU", { skip: skipWithout(QEMU) }, () => {
  let folder = "";
  let qemu: ChildProcess | undefined;
  let given: Given = {};
  let byPort: Given = {};

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bouncer-qmp-"));
    const [socket, port] = [join(folder, "qmp"), await deadPort()];
    qemu = spawn(
      QEMU,
      [
        ...[
          "-machine",
          "none",
          "-accel",
          "tcg",
          "-display",
          "none",
          "-nodefaults",
          "-name",
          "web1",
          "-uuid",
          UUID,
        ],
        ...["-qmp", `unix:${socket},server=on,wait=off`, "-qmp", `tcp:127.0.0.1:${port},server=on,wait=off`],
      ],
      { stdio: "ignore" },
    );
    given = { qmp_socket: socket, power_timeout: "5" };
    byPort = { ip: "127.0.0.1", ipport: String(port), power_timeout: "5" };
    for (let tries = 0; tries < 400; tries++) {
      if (kindOf(await ask(AGENT, "status", given)) === "ok") return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    assert.fail("QEMU does not talk to us");
  });
  after(async () => {
    if (qemu !== undefined && qemu.exitCode === null && qemu.signalCode === null) {
      qemu.kill("SIGKILL");
      await once(qemu, "close");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test("off holds it before its first instruction, on lets it go", async () => {
    assert.deepEqual((await ask(AGENT, "status", given)).said, ["Status: ON"]);
    assert.deepEqual((await ask(AGENT, "off", given)).said, ["Success: Powered OFF"]);
    assert.deepEqual((await ask(AGENT, "status", byPort)).said, ["Status: OFF"]);
    assert.deepEqual((await ask(AGENT, "off", byPort)).said, ["Success: Already OFF"]);
    assert.deepEqual((await ask(AGENT, "on", byPort)).said, ["Success: Powered ON"]);
    assert.deepEqual((await ask(AGENT, "on", given)).said, ["Success: Already ON"]);
    assert.deepEqual((await ask(AGENT, "reboot", given)).said, ["Success: Rebooted"]);
    assert.equal((await ask(AGENT, "status", given)).power, "on");
  });

  test("as a command: what it prints and how it exits", async () => {
    const line = `qmp_socket=${given["qmp_socket"]}\n`;
    assert.deepEqual(await runAsCommand(AGENT, `${line}action=status\n`), {
      code: 0,
      out: "Status: ON\n",
      err: "",
    });
    const off = await runAsCommand(AGENT, `${line}action=off\n`);
    assert.deepEqual([off.code, off.out], [0, "Success: Powered OFF\n"]);
    const status = await runAsCommand(AGENT, `${line}action=status\n`);
    assert.deepEqual([status.code, status.out], [2, "Status: OFF\n"]);
    assert.equal((await runAsCommand(AGENT, `${line}action=on\n`)).code, 0);
  });

  test("it says which machine it is, and is not taken for another one", async () => {
    const { identity } = await ask(AGENT, "status", given, { identity: "ask" });
    assert.deepEqual(identity, { product: "web1", uuids: [UUID] });
    for (const plug of ["web1", UUID.toUpperCase()]) {
      assert.equal((await ask(AGENT, "status", { ...given, plug })).power, "on", plug);
    }
    assert.equal(kindOf(await ask(AGENT, "off", { ...given, plug: "web2" })), "missing");
    assert.equal((await ask(AGENT, "status", given)).power, "on");
  });

  test("a monitor that somebody else holds is a timeout", async () => {
    const { connect } = await import("node:net");
    const other = connect(given["qmp_socket"] as string);
    await once(other, "data");
    try {
      assert.equal(
        kindOf(await ask(AGENT, "off", { ...given, shell_timeout: "1" }, { budgetMs: 2_000 })),
        "timeout",
      );
    } finally {
      other.destroy();
    }
  });

  test("a QEMU that ended is a failure, or off where the configuration says so", async () => {
    qemu?.kill("SIGSTOP");
    assert.equal(
      kindOf(await ask(AGENT, "off", { ...given, shell_timeout: "1" }, { budgetMs: 2_000 })),
      "timeout",
    );
    qemu?.kill("SIGKILL");
    await once(qemu as ChildProcess, "close");
    assert.equal(kindOf(await ask(AGENT, "status", given)), "missing");
    assert.equal(kindOf(await ask(AGENT, "status", byPort)), "unreachable");
    assert.equal((await ask(AGENT, "off", { ...given, missing_as_off: "1" })).power, "off");
    assert.equal(kindOf(await ask(AGENT, "off", { ...byPort, missing_as_off: "1" })), "usage");
  });
});

test("run states: only reset and shut down are off", () => {
  for (const state of ["prelaunch", "shutdown"]) {
    assert.equal(powerOfState(state, false), "off");
    assert.equal(powerOfState(state, true), "unknown");
    assert.equal(powerOfState(state, undefined), "unknown");
  }
  for (const state of ["paused", "io-error", "guest-panicked", "suspended"])
    assert.equal(powerOfState(state, false), "on");
  for (const state of ["postmigrate", "finish-migrate", "inmigrate", "", "off", undefined, 7]) {
    assert.equal(powerOfState(state, false), "unknown", String(state));
  }
});

test("nonsense of a monitor is never off", async (t) => {
  const greeting = '{"QMP": {"version": {}, "capabilities": []}}\n';
  const lines: readonly (readonly [string, (id: string) => string])[] = [
    ["x\n", () => ""],
    [greeting, () => "[]\n"],
    [greeting, () => '{"return": {"status": "prelaunch", "running": false}}\n'],
    [greeting, () => '{"id": "other", "return": {"status": "prelaunch", "running": false}}\n'],
    [greeting, (id) => `{"id": "${id}", "return": {"status": "prelaunch"}}\n`],
    [greeting, (id) => `{"id": "${id}", "return": "prelaunch"}\n`],
    [greeting, (id) => `{"id": "${id}"}\n`],
    [greeting, (id) => `{"id": "${id}", "error": {"class": "GenericError", "desc": "off"}}\n`],
    [greeting, () => '{"event": "SHUTDOWN"}\n'.repeat(300)],
    [greeting, () => "a".repeat(70_000)],
    ["{}\n".repeat(300), () => ""],
  ];
  let index = 0;
  const server = createServer((socket) => {
    const [first, answer] = lines[index] ?? ["", () => ""];
    socket.on("error", () => {});
    socket.write(first);
    socket.on("data", (part) => {
      for (const line of part.toString().trim().split("\n")) {
        const { execute, id } = JSON.parse(line);
        socket.write(execute === "qmp_capabilities" ? `{"id": "${id}", "return": {}}\n` : answer(id));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const given = { ip: "127.0.0.1", ipport: String(address.port), shell_timeout: "1", power_timeout: "1" };
  for (; index < lines.length; index++) {
    for (const action of ["status", "off"] as const) {
      const answer = await ask(AGENT, action, given, { budgetMs: 400 });
      assert.deepEqual(
        [answer.ok, answer.power],
        [false, "unknown"],
        `${index} ${action}: ${JSON.stringify(answer)}`,
      );
    }
  }
});
