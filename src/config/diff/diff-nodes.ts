/** Nodes and the ways in which they are cut off. */
import type { ClusterConfig, DeviceUse, MethodConfig, NodeConfig } from "../../core/config.ts";
import type { Changes, Subject, Weight } from "./change.ts";

/** A renamed node keeps its number: that is how Corosync and the ledger know it. */
export function diffNodes(before: ClusterConfig, after: ClusterConfig, changes: Changes): void {
  const matched = new Set<NodeConfig>();
  for (const node of after.nodes) {
    const old =
      before.nodes.find((one) => one.name === node.name) ??
      before.nodes.find((one) => one.id === node.id && !after.nodes.some((two) => two.name === one.name));
    const subject: Subject = { type: "node", node: node.name };
    if (old === undefined) {
      const effect = node.methods.length === 0 ? FREEZES : undefined;
      const text = `${node.name} is new, as node ${node.id}, ${fencedBy(node)}`;
      changes.add(subject, node.methods.length === 0 ? "watch" : "plain", text, effect);
      continue;
    }
    matched.add(old);
    diffNode(old, node, subject, changes);
  }
  for (const node of before.nodes.filter((one) => !matched.has(one))) {
    const subject: Subject = { type: "node", node: node.name };
    const effect = "it must have left the cluster before: nobody fences it any more";
    changes.add(subject, "watch", `${node.name} is gone`, effect);
  }
}

const FREEZES = "its loss freezes the cluster until a person acts";

function fencedBy({ methods }: NodeConfig): string {
  return methods.length === 0 ? "without a method" : `cut off by ${methods.map(methodText).join(", else ")}`;
}

function diffNode(old: NodeConfig, node: NodeConfig, subject: Subject, changes: Changes): void {
  const add = (weight: Weight, text: string, effect?: string): void =>
    changes.add(subject, weight, text, effect);
  if (old.name !== node.name) add("watch", `node ${node.id} is called ${node.name} instead of ${old.name}`);
  if (old.id !== node.id) {
    const effect = "numbers of members cannot change while they run: fencing goes by this number";
    add("frozen", `${node.name} is node ${node.id} instead of ${old.id}`, effect);
  }
  if (old.votes !== node.votes) add("plain", `${node.name} has ${votes(node)} instead of ${old.votes}`);
  if (old.altnames.join() !== node.altnames.join()) {
    add("plain", `${node.name} has the other names ${list(node.altnames)}, it had ${list(old.altnames)}`);
  }
  diffMethods(old, node, add);
  if (old.unfence.map(useText).join() !== node.unfence.map(useText).join()) {
    add("plain", `${node.name} is unfenced by ${list(node.unfence.map(useText))}`);
  }
}

function votes({ votes: count }: NodeConfig): string {
  return count === 1 ? "1 vote" : `${count} votes`;
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}

type Add = (weight: Weight, text: string, effect?: string) => void;

function diffMethods(old: NodeConfig, node: NodeConfig, add: Add): void {
  const { name } = node;
  const [first, last] = [old.methods.length === 0, node.methods.length === 0];
  for (const method of node.methods) {
    const was = old.methods.find((one) => one.name === method.name);
    if (was === undefined) {
      const effect = first ? "it no longer freezes the cluster" : undefined;
      add(first ? "better" : "plain", `${name} gains method ${methodText(method)}`, effect);
    } else if (methodText(was) !== methodText(method)) {
      add(
        "watch",
        `${name}: method ${methodText(method)}, it was ${methodText(was)}`,
        delayEffect(was, method),
      );
    } else if (timesOf(was) !== timesOf(method)) {
      add("plain", `${name}: method ${method.name} has other times`, delayEffect(was, method));
    }
  }
  for (const method of old.methods.filter((one) => !node.methods.some((two) => two.name === one.name))) {
    add("watch", `${name} loses method ${methodText(method)}`, last ? FREEZES : undefined);
  }
  const kept = (from: NodeConfig, other: NodeConfig) =>
    from.methods.map((one) => one.name).filter((one) => other.methods.some((two) => two.name === one));
  const order = kept(node, old);
  if (order.join("\n") !== kept(old, node).join("\n")) {
    add("plain", `${name}: the methods are tried in the order ${order.join(", ")}`);
  }
}

function timesOf({ devices }: MethodConfig): string {
  return devices.map((use) => `${use.delayMs} ${use.budgetMs}`).join();
}

function delayEffect(was: MethodConfig, method: MethodConfig): string | undefined {
  const sum = (one: MethodConfig, of: "delayMs" | "budgetMs") =>
    one.devices.reduce((total, use) => total + use[of], 0) / 1_000;
  const [delay, before] = [sum(method, "delayMs"), sum(was, "delayMs")];
  if (delay !== before) return `it waits ${delay} s before it cuts, it waited ${before} s`;
  const [budget, old] = [sum(method, "budgetMs"), sum(was, "budgetMs")];
  if (budget !== old) return `it may take ${Math.round(budget)} s, it might take ${Math.round(old)} s`;
  return undefined;
}

/** `power (pdu-a 3 off + pdu-b 3 off)` */
export function methodText({ name, devices }: MethodConfig): string {
  return `${name} (${devices.map(useText).join(" + ")})`;
}

function useText({ device, plug, action }: DeviceUse): string {
  return [device, plug, action ?? ""].filter((part) => part !== "").join(" ");
}
