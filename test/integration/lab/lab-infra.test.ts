/** The lab itself, without bouncerd: real Corosync, real IPMI, and nothing left behind. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { bmcAddress } from "../../../src/lab/addresses.ts";
import { BMC_LOGIN } from "../../../src/lab/agent.ts";
import { PASSWORD_SCRIPTS } from "../../../src/lab/cluster-conf.ts";
import { type Lab, openLab } from "../../../src/lab/lab.ts";
import { runningProcessesOf } from "../../../src/lab/node/processes.ts";
import { labIsMissing } from "./requirements.ts";

const OPTIONS = { skip: labIsMissing(), timeout: 120_000 };
const [ONE, TWO, THREE] = ["tpve01", "tpve02", "tpve03"] as const;

describe("a lab of three nodes", OPTIONS, () => {
  let lab: Lab;
  const problems: string[] = [];

  before(async () => {
    lab = await openLab({ nodes: 3, daemon: "none", onProblem: (problem) => problems.push(problem) });
  });
  after(() => lab?.close());

  /** Polls Corosync, which has no event for a shell: every round is a program run. */
  /** The tool asks Corosync several times for one page: both halves must be of the same moment. */
  async function untilVotes(node: string, votes: number): Promise<string> {
    let said = "";
    const quorate = votes >= 2 ? "Yes" : "No";
    const isThere = [`^Total votes: +${votes}$`, `^Nodes: +${votes}$`, `^Quorate: +${quorate}$`];
    for (let round = 0; round < 400; round++) {
      said = (await lab.run(node, ["corosync-quorumtool", "-s"])).stdout;
      if (isThere.every((line) => new RegExp(line, "m").test(said))) return said;
    }
    throw new Error(`${node} does not see ${votes} votes:\n${said}`);
  }

  /** Debian's agent on `node`, at the controller of the node with this id. */
  async function fence(node: string, id: number, action: string): Promise<{ code: number; said: string }> {
    const options = [
      ...[`action=${action}`, `ip=${bmcAddress(id, 1)}`, `login=${BMC_LOGIN}`, "lanplus=1", "cipher=3"],
      ...[`passwd_script=${PASSWORD_SCRIPTS}/tpve0${id}`, "power_wait=0", "power_timeout=4"],
    ];
    const { code, stdout, stderr } = await lab.run(node, ["fence_ipmilan"], `${options.join("\n")}\n`);
    return { code, said: stdout + stderr };
  }

  it("is quorate, with the names and ids of the configuration", async () => {
    const said = await untilVotes(ONE, 3);
    assert.match(said, /Quorate: +Yes/);
    const map = (await lab.run(TWO, ["corosync-cmapctl", "nodelist."])).stdout;
    assert.match(map, /nodelist\.node\.2\.name \(str\) = tpve03/);
    assert.match(map, /nodelist\.node\.2\.nodeid \(u32\) = 3/);
    assert.match((await lab.run(TWO, ["hostname"])).stdout, /^tpve02$/m);
  });

  it("gives every boot of a node another boot id", async () => {
    const read = async (node: string) =>
      (await lab.run(node, ["cat", "/proc/sys/kernel/random/boot_id"])).stdout;
    const [one, two] = [await read(ONE), await read(TWO)];
    assert.notEqual(one, two);
    assert.match(one, /^[0-9a-f-]{36}\n$/);
  });

  it("switches a node off and on through IPMI, and off means that nothing of it runs", async () => {
    const { pid } = await lab.node(THREE).init();
    assert.ok(runningProcessesOf(pid).length > 1);
    assert.match((await fence(ONE, 3, "status")).said, /Status: ON/);
    const off = await fence(ONE, 3, "off");
    assert.match(off.said, /Success: Powered OFF/);
    assert.deepEqual(runningProcessesOf(pid), []);
    assert.equal(lab.node(THREE).power(), "off");
    assert.equal(lab.controllers.offCount(THREE), 1);
    const status = await fence(TWO, 3, "status");
    assert.deepEqual([status.code, /Status: OFF/.test(status.said)], [2, true]);
    assert.match((await fence(TWO, 3, "on")).said, /Success: Powered ON/);
    await lab.node(THREE).booted();
    await untilVotes(ONE, 3);
  });

  it("a cut takes a node's cluster network, and leaves the controllers within its reach", async () => {
    await lab.cabling.cut(lab.node(TWO));
    await untilVotes(ONE, 2);
    await untilVotes(TWO, 1);
    assert.match((await fence(TWO, 1, "status")).said, /Status: ON/);
    await lab.cabling.heal(lab.node(TWO));
    await untilVotes(TWO, 3);
  });

  it("a split makes groups that hear one another only inside", async () => {
    await lab.cabling.split([[lab.node(ONE)], [lab.node(TWO), lab.node(THREE)]]);
    await untilVotes(ONE, 1);
    await untilVotes(THREE, 2);
    await lab.cabling.healAll(lab.nodes.values());
    await untilVotes(ONE, 3);
  });

  it("a node that hangs runs nothing, and goes on where it stopped", async () => {
    const { pid } = await lab.node(TWO).init();
    await lab.node(TWO).hang();
    assert.deepEqual(runningProcessesOf(pid), []);
    await untilVotes(ONE, 2);
    await lab.node(TWO).resume();
    await untilVotes(TWO, 3);
  });

  it("a hanging node can be switched off", async () => {
    await lab.node(TWO).hang();
    assert.match((await fence(THREE, 2, "off")).said, /Success: Powered OFF/);
    assert.equal(lab.node(TWO).power(), "off");
    await lab.boot(TWO);
    await untilVotes(ONE, 3);
  });

  it("controllers refuse, hang, lie and are out of reach on demand", async () => {
    const bmc = lab.controllers.byDevice.get(THREE);
    assert.ok(bmc !== undefined);
    for (const type of ["fails", "hangs", "lies"] as const) {
      await bmc.misbehave({ type });
      const { code, said } = await fence(ONE, 3, "off");
      assert.equal(code, 1, `${type}: ${said}`);
      assert.equal(lab.node(THREE).power(), "on", type);
    }
    await bmc.misbehave({ type: "none" });
    await lab.blindness.set(bmc.address, [lab.node(ONE)]);
    assert.equal((await fence(ONE, 3, "status")).code, 1);
    assert.match((await fence(TWO, 3, "status")).said, /Status: ON/);
    await lab.blindness.set(bmc.address, []);
    assert.match((await fence(ONE, 3, "status")).said, /Status: ON/);
  });

  it("had no problem of its own", () => {
    assert.deepEqual(problems, []);
  });
});

describe("labs side by side", OPTIONS, () => {
  it("two labs do not hear one another, and closing one leaves the other alone", async () => {
    const labs = await Promise.all([1, 2].map(() => openLab({ nodes: 1, daemon: "none" })));
    const [first, second] = labs as [Lab, Lab];
    try {
      assert.notEqual(first.id, second.id);
      await first.close();
      assert.match((await second.run(ONE, ["corosync-quorumtool", "-s"])).stdout, /Total votes: +1$/m);
    } finally {
      await Promise.all(labs.map((lab) => lab.close()));
    }
  });
});
