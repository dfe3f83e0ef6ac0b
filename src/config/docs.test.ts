import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { FENCE_DAEMON_DEFAULTS } from "../core/config.ts";
import { parseClusterConf } from "./parse.ts";
import { CLUSTER, type ElementRule } from "./schema.ts";
import { TIMING_NAMES } from "./timing.ts";

const DOCS = new URL("../../docs/", import.meta.url);
const PAGE = readFileSync(new URL("configuration.md", DOCS), "utf8");

/** Corosync's own settings: the page names the element, not each of them. */
const SUMMARIZED: ReadonlySet<string> = new Set(["totem", "interface", "multicast", "altmulticast"]);

function namesOf(name: string, rule: ElementRule): readonly string[] {
  const attributes = rule.attributes === "any" || SUMMARIZED.has(name) ? [] : rule.attributes;
  const children = rule.children === "any" ? [] : Object.entries(rule.children);
  return [name, ...attributes, ...children.flatMap(([child, childRule]) => namesOf(child, childRule))];
}

test("the page names every element and attribute that is read", () => {
  const words = new Set(PAGE.match(/[a-z_]+/g));
  const missing = [...namesOf("cluster", CLUSTER), ...TIMING_NAMES].filter((name) => !words.has(name));
  assert.deepEqual(missing, []);
});

test("the page's defaults of fence_daemon are those of the code", () => {
  const defaultOf = (name: string) =>
    new RegExp(`^\\| \`${name}\` \\|[^|]*(?:\`\\|[^|]*)*\\| \`?([^|\`]+?)\`? \\|`, "m").exec(PAGE)?.[1];
  const defaults = FENCE_DAEMON_DEFAULTS;
  assert.equal(defaultOf("post_join_delay"), String(defaults.postJoinDelayMs / 1_000));
  assert.equal(defaultOf("post_fail_delay"), String(defaults.postFailDelayMs / 1_000));
  assert.equal(defaultOf("override_time"), String(defaults.overrideTimeMs / 1_000));
  assert.equal(defaultOf("daemon_restart_grace"), String(defaults.daemonRestartGraceMs / 1_000));
  assert.equal(defaultOf("check_interval"), String(defaults.checkIntervalMs / 1_000));
  assert.equal(defaultOf("evidence"), defaults.evidence);
  assert.equal(defaultOf("clean_start"), defaults.cleanStart ? "1" : "0");
  assert.equal(defaultOf("skip_undefined"), defaults.skipUndefined ? "1" : "0");
});

test("the problem that the page shows is one that the parser reports", () => {
  const golden = new URL("../test/golden/config/device-unknown.problems", DOCS);
  const lines = readFileSync(golden, "utf8").replaceAll("device-unknown.conf", "cluster.conf").split("\n");
  const shown = /^cluster\.conf:\d+: .*$/m.exec(PAGE)?.[0] ?? "";
  assert.ok(lines.includes(shown), shown);
});

test("every example can be used, and only the article's has a node that needs a person", () => {
  const examples = new URL("examples/", DOCS);
  const files = readdirSync(examples).filter((name) => name.endsWith(".conf"));
  assert.ok(files.length >= 3);
  for (const name of files) {
    const { config, problems } = parseClusterConf(readFileSync(new URL(name, examples)));
    assert.ok(config, name);
    assert.equal(problems.length, name === "article.conf" ? 1 : 0, name);
  }
});
