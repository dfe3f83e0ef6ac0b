import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import type { DeviceParameters } from "./parameters.ts";
import { agentInput, describeAgentInput, formatAgentInput, secretTexts } from "./parameters.ts";
import { parseClusterConf } from "./parse.ts";
import { isSecretName, Secret } from "./secret.ts";

const ARTICLE = readFileSync(new URL("../../docs/examples/article.conf", import.meta.url), "utf8");

/** Parameters of one device line and its fence device, attributes as given. */
function parametersOf(line: string, device: string, name = "n1"): DeviceParameters {
  const parsed = parseClusterConf(`<cluster name="t" config_version="1">
    <clusternodes><clusternode name="${name}" nodeid="1"><fence><method name="m">
    <device name="d" ${line}/></method></fence></clusternode></clusternodes>
    <fencedevices><fencedevice name="d" ${device}/></fencedevices></cluster>`);
  const found = parsed.parameters?.find(name, 0, 0);
  assert.ok(found, JSON.stringify(parsed.problems));
  return found;
}

function inputOf(
  parameters: DeviceParameters,
  action: string,
  passwords?: ReadonlyMap<string, Secret>,
): string {
  return formatAgentInput(agentInput(parameters, action, passwords));
}

test("tpve02 of the article: byte for byte what the old stack sent", () => {
  const parameters = parseClusterConf(ARTICLE).parameters?.find("tpve02", 0, 0);
  assert.ok(parameters);
  assert.equal(
    formatAgentInput(parameters.pairs),
    "nodename=tpve02\nagent=fence_ilo\nipaddr=IP_ILO_TPVE02\npasswd_script=/usr/local/pvesync/ilo_pass/tpve02\nlogin=LOGIN\n",
  );
});

test("device line first, then nodename, then the fence device; duplicates stay, the last one wins", () => {
  const parameters = parametersOf('port="3" ipaddr="one"', 'agent="fence_x" ipaddr="two" login="l"');
  assert.equal(
    formatAgentInput(parameters.pairs),
    "port=3\nipaddr=one\nnodename=n1\nagent=fence_x\nipaddr=two\nlogin=l\n",
  );
});

test("a nodename on the device line is not sent twice", () => {
  const parameters = parametersOf('nodename="other"', 'agent="fence_x"');
  assert.equal(formatAgentInput(parameters.pairs), "nodename=other\nagent=fence_x\n");
});

test("exactly one action is sent, the one asked for, whatever the file says", () => {
  const parameters = parametersOf(
    'action="reboot" option="off"',
    'agent="fence_x" action="off" option="reboot"',
  );
  for (const action of ["status", "off", "on", "reboot", "metadata"]) {
    const lines = inputOf(parameters, action).split("\n");
    assert.deepEqual(
      lines.filter((line) => /^(?:action|option)=/.test(line)),
      [`action=${action}`],
    );
  }
});

test("delay goes to the actions that cut only; method never goes; power_wait is 0 unless configured", () => {
  const parameters = parametersOf('delay="5"', 'agent="fence_x" method="cycle"');
  assert.equal(inputOf(parameters, "off"), "delay=5\nnodename=n1\naction=off\nagent=fence_x\npower_wait=0\n");
  assert.equal(inputOf(parameters, "on"), "nodename=n1\naction=on\nagent=fence_x\npower_wait=0\n");
  assert.equal(inputOf(parameters, "status"), "nodename=n1\naction=status\nagent=fence_x\npower_wait=0\n");
  const waiting = parametersOf("", 'agent="fence_x" power_wait="4"');
  assert.equal(inputOf(waiting, "off"), "nodename=n1\naction=off\nagent=fence_x\npower_wait=4\n");
});

test("what a script printed takes the place of the script and of the plain password", () => {
  const parameters = parametersOf('passwd="plain"', 'agent="fence_x" passwd_script="/bin/pw"');
  assert.deepEqual(parameters.scripts, [{ name: "passwd_script", gives: "passwd", path: "/bin/pw" }]);
  const passwords = new Map([["passwd_script", new Secret("from script")]]);
  assert.equal(
    inputOf(parameters, "off", passwords),
    "nodename=n1\naction=off\nagent=fence_x\npasswd=from script\npower_wait=0\n",
  );
  assert.match(inputOf(parameters, "off"), /^passwd_script=\/bin\/pw$/m);
});

test("unfence lines have their own parameters", () => {
  const parsed = parseClusterConf(`<cluster name="t" config_version="1"><clusternodes>
    <clusternode name="n" nodeid="1"><unfence><device name="d" port="4" action="on"/></unfence></clusternode>
    </clusternodes><fencedevices><fencedevice name="d" agent="fence_sw"/></fencedevices></cluster>`);
  const parameters = parsed.parameters?.find("n", "unfence", 0);
  assert.ok(parameters);
  assert.equal(inputOf(parameters, "on"), "port=4\nnodename=n\naction=on\nagent=fence_sw\npower_wait=0\n");
  assert.deepEqual(parsed.parameters?.agents(), ["fence_sw"]);
});

test("no way of printing shows a secret", () => {
  const parameters = parametersOf(
    'passwd="hush-1"',
    'agent="fence_x" community="hush-2" snmp-priv-passwd="hush-3"',
  );
  const parsed = [inspect(parameters, { depth: 9, showHidden: true }), JSON.stringify(parameters)];
  const text = [
    ...parsed,
    describeAgentInput(parameters.pairs),
    ...parameters.pairs.map((pair) => `${pair.value}`),
  ];
  for (const one of text) assert.doesNotMatch(one, /hush/);
  assert.match(text.join(" "), /\[secret\]/);
  assert.deepEqual(secretTexts(parameters.pairs), ["hush-1", "hush-2", "hush-3"]);
  assert.equal(new Secret("x").reveal(), "x");
});

test("the model for the core holds no parameter of an agent", () => {
  const parsed = parseClusterConf(ARTICLE.replace('login="LOGIN"', 'login="LOGIN" passwd="hush"'));
  assert.ok(parsed.config);
  assert.doesNotMatch(JSON.stringify(parsed.config), /hush|LOGIN|IP_ILO|ilo_pass/);
  assert.doesNotMatch(JSON.stringify(parsed), /hush/);
});

test("which names are secrets", () => {
  for (const name of [
    "passwd",
    "password",
    "snmp_priv_passwd",
    "community",
    "PASSWD",
    "snmp-priv-password",
    "api_token",
  ]) {
    assert.ok(isSecretName(name), name);
  }
  for (const name of ["passwd_script", "password_script", "login", "identity_file", "port", "key_file"]) {
    assert.ok(!isSecretName(name), name);
  }
});
