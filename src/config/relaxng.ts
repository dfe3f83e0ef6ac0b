/**
 * The rules of `cluster.conf` as a RelaxNG schema, for editors. Made of the very data that the file is
 * checked with; what only Bouncer can know (references, votes, agents) is not in it.
 */
import { DELAY_SECONDS_MAX, WAIT_SECONDS_MAX } from "./limits.ts";
import { CLUSTER, type ElementRule } from "./schema.ts";

type ValueRule =
  | { readonly type: "switch" }
  | { readonly type: "whole"; readonly min: number; readonly max: number }
  | { readonly type: "words"; readonly words: readonly string[] }
  | { readonly type: "path" };

const SWITCH: ValueRule = { type: "switch" };
const PATH: ValueRule = { type: "path" };
const seconds = (min: number, max = WAIT_SECONDS_MAX): ValueRule => ({ type: "whole", min, max });
const whole = (min: number, max: number): ValueRule => ({ type: "whole", min, max });
const PRIORITY: ValueRule = {
  type: "words",
  words: ["emerg", "alert", "crit", "err", "error", "warning", "warn", "notice", "info", "debug"],
};
const LOG = {
  to_syslog: SWITCH,
  to_logfile: SWITCH,
  debug: SWITCH,
  syslog_priority: PRIORITY,
  logfile_priority: PRIORITY,
  logfile: PATH,
};

/** Attributes whose values an editor can check, by element. Never stricter than what reads the file. */
const VALUES: Readonly<Record<string, Readonly<Record<string, ValueRule>>>> = {
  cluster: { config_version: whole(1, 4_294_967_295) },
  cman: {
    two_node: SWITCH,
    expected_votes: whole(1, 65_535),
    keyfile: PATH,
    transport: { type: "words", words: ["udp", "udpb", "udpu", "rdma", "knet"] },
  },
  totem: { keyfile: PATH },
  clusternode: { nodeid: whole(1, 4_294_967_295), votes: whole(1, 255) },
  device: { delay: seconds(0, DELAY_SECONDS_MAX) },
  fencedevice: { delay: seconds(0, DELAY_SECONDS_MAX) },
  fence_daemon: {
    post_join_delay: seconds(-1),
    post_fail_delay: seconds(-1),
    override_time: seconds(1),
    override_path: PATH,
    clean_start: SWITCH,
    skip_undefined: SWITCH,
    fence_check_delay: seconds(0),
    daemon_restart_grace: seconds(0),
    check_interval: seconds(0),
    evidence: { type: "words", words: ["A", "B", "C", "D"] },
  },
  volume_group: { suspend: SWITCH },
  logging: LOG,
  logging_daemon: LOG,
};

export function formatRelaxNg(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- cluster.conf as Bouncer reads it. Made by: bouncer config schema -->
<grammar xmlns="http://relaxng.org/ns/structure/1.0"
         datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
  <start>
${element("cluster", CLUSTER, "    ", ["clusternodes"])}
  </start>
  <define name="anything">
    <zeroOrMore>
      <choice>
        <attribute><anyName/></attribute>
        <text/>
        <element><anyName/><ref name="anything"/></element>
      </choice>
    </zeroOrMore>
  </define>
</grammar>
`;
}

/** Recursion is bounded: the rules are. */
function element(name: string, rule: ElementRule, indent: string, needed: readonly string[] = []): string {
  const inner = `${indent}  `;
  if (rule.children === "any") {
    return `${indent}<element name="${name}"><ref name="anything"/></element>`;
  }
  const attributes = attributesOf(name, rule, inner);
  const children = Object.entries(rule.children).map(([child, childRule]) => {
    if (needed.includes(child)) return element(child, childRule, `${inner}  `);
    const times = childRule.repeats ? "zeroOrMore" : "optional";
    const body = element(child, childRule, `${inner}    `);
    return `${inner}  <${times}>\n${body}\n${inner}  </${times}>`;
  });
  const content = children.length === 0 ? [] : [`${inner}<interleave>`, ...children, `${inner}</interleave>`];
  const body = [...attributes, ...content];
  if (body.length === 0) return `${indent}<element name="${name}"><empty/></element>`;
  return [`${indent}<element name="${name}">`, ...body, `${indent}</element>`].join("\n");
}

function attributesOf(name: string, rule: ElementRule, indent: string): readonly string[] {
  const values = VALUES[name] ?? {};
  const isAny = rule.attributes === "any";
  const listed = rule.attributes === "any" ? Object.keys(values) : rule.attributes;
  const names = [...new Set([...rule.required, ...listed])];
  const lines = names.map((one) => {
    const written = attribute(one, values[one]);
    return rule.required.includes(one) ? `${indent}${written}` : `${indent}<optional>${written}</optional>`;
  });
  if (!isAny) return lines;
  const except = names.map((one) => `<name>${one}</name>`).join("");
  const others = `<attribute><anyName><except>${except}</except></anyName></attribute>`;
  return [...lines, `${indent}<zeroOrMore>${others}</zeroOrMore>`];
}

function attribute(name: string, value: ValueRule | undefined): string {
  if (value === undefined) return `<attribute name="${name}"/>`;
  return `<attribute name="${name}">${valuePattern(value)}</attribute>`;
}

function valuePattern(value: ValueRule): string {
  switch (value.type) {
    case "switch":
      return `<data type="token"><param name="pattern">(1|0|[yY][eE][sS]|[nN][oO]|[oO][nN]|[oO][fF][fF]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE])?</param></data>`;
    case "whole":
      return `<data type="integer"><param name="minInclusive">${value.min}</param><param name="maxInclusive">${value.max}</param></data>`;
    case "words":
      return `<choice>${value.words.map((word) => `<value type="token">${word}</value>`).join("")}</choice>`;
    case "path":
      return '<data type="string"><param name="pattern">/.*</param></data>';
  }
}
