/** A cluster as another tool describes it, before it becomes a `cluster.conf`. */

export interface ImportedDevice {
  readonly name: string;
  readonly agent: string;
  /** Without `name` and `agent`, in the order of the file. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** One `<device>` line: the fence device, and what is said for this node alone. */
export interface ImportedLine {
  readonly device: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

export interface ImportedNode {
  readonly name: string;
  /** Absent: the format does not say it. */
  readonly id?: number;
  readonly votes?: number;
  /** In the order in which they are tried; of one method all lines must succeed. */
  readonly methods: readonly (readonly ImportedLine[])[];
  readonly unfence: readonly ImportedLine[];
}

export interface Imported {
  readonly name?: string;
  readonly nodes: readonly ImportedNode[];
  readonly devices: readonly ImportedDevice[];
  /** Attributes of `<fence_daemon>`. */
  readonly waits: readonly (readonly [name: string, value: string])[];
  /** What has no equivalent, and what was assumed, a sentence each. No value that could be a secret. */
  readonly notes: readonly string[];
}

export type ImportResult =
  | { readonly ok: true; readonly imported: Imported }
  | { readonly ok: false; readonly line: number; readonly problem: string };

/** Agents that cut storage or network, not power: nothing to be switched on again by the shot. */
const FABRIC =
  /(?:^|\/)fence_(?:scsi|mpath|brocade|sanbox2|cisco_mds|ifmib|vixel|mcdata|hds_cb|intelmodular_fabric|sbd)$/;

export function isFabric(agent: string): boolean {
  return FABRIC.test(agent);
}

/**
 * Lines that must all succeed, as Bouncer wants them: with several every outlet is off before the first
 * is on. One alone keeps its agent's default.
 */
export function allOff(
  lines: readonly ImportedLine[],
  agentOf: (device: string) => string,
  stayOff: boolean,
): readonly ImportedLine[] {
  const withAction = (line: ImportedLine, action: string): ImportedLine => ({
    ...line,
    parameters: [
      ...line.parameters.filter(([name]) => name !== "action" && name !== "delay"),
      ["action", action],
    ],
  });
  if (lines.length === 1 && !stayOff) return lines;
  const offs = lines.map((line) => ({
    ...line,
    parameters: [...line.parameters.filter(([name]) => name !== "action"), ["action", "off"] as const],
  }));
  if (stayOff) return offs;
  const powered = lines.filter(({ device }) => !isFabric(agentOf(device)));
  return [...offs, ...powered.map((line) => withAction(line, "on"))];
}
