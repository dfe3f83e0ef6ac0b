/** Who has which address. The networks are private to a lab, so every lab uses the same ones. */
import type { NodeId } from "../core/ids.ts";

/** Nodes that the address plan has room for. */
export const NODES_MAX = 32;
export const IPMI_PORT = 623;

/** Of the node, in the network that Corosync uses. */
export function clusterAddress(id: NodeId): string {
  return `10.77.0.${id}`;
}

/** Of the node, in the network of the management controllers. */
export function managementAddress(id: NodeId): string {
  return `10.78.0.${id}`;
}

/**
 * Of the node's management controllers. The first one is its iLO; the second, for configurations
 * with another method, acts on the same power and runs only when the configuration names it.
 */
export function bmcAddress(id: NodeId, which: 1 | 2): string {
  return `10.78.0.${which * 64 + id}`;
}

/** Node id and number of the controller behind an address; undefined: no controller's address. */
export function bmcAt(address: string): { readonly id: NodeId; readonly which: 1 | 2 } | undefined {
  const host = /^10\.78\.0\.(\d{1,3})$/.exec(address)?.[1];
  for (const which of [1, 2] as const) {
    const id = Number(host ?? Number.NaN) - which * 64;
    if (id >= 1 && id <= NODES_MAX) return { id, which };
  }
  return undefined;
}

export function nodeNameFor(id: NodeId): string {
  return `tpve${String(id).padStart(2, "0")}`;
}
