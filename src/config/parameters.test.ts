import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inspect } from "node:util";
import { type DeviceParameters, type ParameterPair, pairsForAction } from "./parameters.ts";
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

/** As the lines on an agent's standard input. */
function linesOf(pairs: readonly ParameterPair[]): string {
  return pairs
    .map(({ name, value }) => `${name}=${typeof value === "string" ? value : value.reveal()}\n`)
    .join("");
}

function inputOf(parameters: DeviceParameters, action: string): string {
  return linesOf(pairsForAction(parameters, action));
}

test("tpve02 of the article: byte for byte what the old stack sent", () => {
  const parameters = parseClusterConf(ARTICLE).parameters?.find("tpve02", 0, 0);
  assert.ok(parameters);
  assert.equal(
    linesOf(parameters.pairs),
    "nodename=tpve02\nagent=fence_ilo\nipaddr=IP_ILO_TPVE02\npasswd_script=/usr/local/pvesync/ilo_pass/tpve02\nlogin=LOGIN\n",
  );
});

test("device line first, then nodename, then the fence device; duplicates stay, the last one wins", () => {
  const parameters = parametersOf('port="3" ipaddr="one"', 'agent="fence_x" ipaddr="two" login="l"');
  assert.equal(
    linesOf(parameters.pairs),
    "port=3\nipaddr=one\nnodename=n1\nagent=fence_x\nipaddr=two\nlogin=l\n",
  );
});

test("a nodename on the device line is not sent twice", () => {
  const parameters = parametersOf('nodename="other"', 'agent="fence_x"');
  assert.equal(linesOf(parameters.pairs), "nodename=other\nagent=fence_x\n");
});

test("no action of the file gets through: the one asked for is the only one", () => {
  const parameters = parametersOf(
    'action="reboot" option="off"',
    'agent="fence_x" action="off" option="reboot"',
  );
  for (const action of ["status", "off", "on", "reboot", "metadata"]) {
    assert.equal(inputOf(parameters, action), "nodename=n1\nagent=fence_x\n");
  }
});

test("delay goes to the actions that cut only; method never goes", () => {
  const parameters = parametersOf('delay="5"', 'agent="fence_x" method="cycle" power_wait="4"');
  const rest = "nodename=n1\nagent=fence_x\npower_wait=4\n";
  for (const action of ["off", "reboot"]) assert.equal(inputOf(parameters, action), `delay=5\n${rest}`);
  for (const action of ["on", "status", "monitor"]) assert.equal(inputOf(parameters, action), rest);
});

test("fence_pve takes nodename for something else: it gets only a written one", () => {
  assert.equal(
    inputOf(parametersOf('port="101"', 'agent="fence_pve"'), "off"),
    "port=101\nagent=fence_pve\n",
  );
  const written = parametersOf('port="101" nodename="host"', 'agent="/usr/sbin/fence_pve"');
  assert.match(inputOf(written, "off"), /^nodename=host$/m);
});

test("the password script is known, of several the last one", () => {
  const parameters = parametersOf(
    'passwd_script="/a"',
    'agent="fence_x" passwd_script="/bin/pw" snmp_priv_passwd_script="/own"',
  );
  assert.deepEqual(parameters.scripts, [{ name: "passwd_script", gives: "passwd", path: "/bin/pw" }]);
  assert.deepEqual(parametersOf("", 'agent="fence_x"').scripts, []);
});

test("unfence lines have their own parameters", () => {
  const parsed = parseClusterConf(`<cluster name="t" config_version="1"><clusternodes>
    <clusternode name="n" nodeid="1"><unfence><device name="d" port="4" action="on"/></unfence></clusternode>
    </clusternodes><fencedevices><fencedevice name="d" agent="fence_sw"/></fencedevices></cluster>`);
  const parameters = parsed.parameters?.find("n", "unfence", 0);
  assert.ok(parameters);
  assert.equal(inputOf(parameters, "on"), "port=4\nnodename=n\nagent=fence_sw\n");
  assert.deepEqual(parsed.parameters?.agents(), ["fence_sw"]);
});

test("no way of printing shows a secret", () => {
  const parameters = parametersOf(
    'passwd="hush-1"',
    'agent="fence_x" community="hush-2" snmp-priv-passwd="hush-3"',
  );
  const parsed = [inspect(parameters, { depth: 9, showHidden: true }), JSON.stringify(parameters)];
  const text = [...parsed, ...parameters.pairs.map((pair) => `${pair.value}`)];
  for (const one of text) assert.doesNotMatch(one, /hush/);
  assert.match(text.join(" "), /\[secret\]/);
  assert.equal(linesOf(parameters.pairs).match(/hush-[123]/g)?.length, 3);
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

test("where the password comes from is told to the runner, and to no agent", () => {
  const parse = (attribute: string, cman = "") =>
    parseClusterConf(
      `<cluster name="c" config_version="1">${cman}<clusternodes><clusternode name="n" nodeid="1"><fence><method name="m"><device name="d"/></method></fence></clusternode></clusternodes><fencedevices><fencedevice name="d" agent="fence_x" ${attribute}/></fencedevices></cluster>`,
    );
  const told = (attribute: string, cman?: string) => {
    const line = parse(attribute, cman).parameters?.all[0];
    assert.ok(line, attribute);
    const sent = pairsForAction(line, "off").map(({ name }) => name);
    return [line.scripts.at(-1)?.path, sent.some((name) => /passw/.test(name))];
  };
  const sealed = `b1:${"x".repeat(80)}`;
  assert.deepEqual(told('passwd_script="/s a"'), ["/s a", true]);
  assert.deepEqual(told('passwd_file="/f"'), ["file:/f", false]);
  assert.deepEqual(told('password_credential="ilo"'), ["credential:ilo", false]);
  assert.deepEqual(told(`passwd_sealed="${sealed}"`), [`sealed:/etc/corosync/authkey:${sealed}`, false]);
  assert.deepEqual(told(`passwd_sealed="${sealed}"`, '<cman keyfile="/k"/>'), [`sealed:/k:${sealed}`, false]);
  for (const wrong of ['passwd_sealed="b1:abc"', 'passwd_credential="../x"', 'passwd_file="f"']) {
    assert.equal(parse(wrong).config, undefined, wrong);
  }
});
