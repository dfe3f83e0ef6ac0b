/** The corosync.conf that belongs to cluster.conf, against the one in force: which differences matter. */

export interface CorosyncDifference {
  /** `matters`: something would be fenced wrongly, or not at all, or the cluster falls apart. */
  readonly weight: "matters" | "plain";
  readonly text: string;
  /** What comes of it. */
  readonly effect?: string;
}

type Keys = ReadonlyMap<string, string>;

interface NodeKeys {
  readonly id: string;
  readonly name: string;
  readonly addresses: string;
  readonly votes: string;
}

/** Values that Corosync has when the file does not say. Source: corosync.conf(5) of Corosync 3. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "totem.transport": "knet",
  "totem.token": "3000",
  "totem.token_coefficient": "650",
  "totem.crypto_cipher": "none",
  "totem.crypto_hash": "none",
  "totem.keyfile": "/etc/corosync/authkey",
  "quorum.two_node": "0",
  "totem.interface.0.mcastport": "5405",
};

/** Keys with an effect on who is a member, and what a difference leads to. */
const MATTERS: Readonly<Record<string, string>> = {
  "totem.cluster_name": "nodes with different names do not hear one another",
  "totem.transport": "nodes with different transports do not hear one another",
  "totem.crypto_cipher": "nodes with different ciphers do not hear one another",
  "totem.crypto_hash": "nodes with different hashes do not hear one another",
  "totem.keyfile": "nodes with different keys do not hear one another",
  "totem.token": "a dead node is noticed sooner or later than cluster.conf says",
  "totem.token_coefficient": "it is added to the token for each node above two",
  "totem.consensus": "the membership forms sooner or later than cluster.conf says",
  "quorum.two_node": "with it one of two goes on alone, without it none does",
  "quorum.expected_votes": "the quorum is another one: too few could go on, or enough could not",
  "totem.interface.0.mcastport": "nodes on different ports do not hear one another",
  "quorum.provider": "without votequorum there is no quorum, and nobody is fenced",
};

/** Shape: what matters first. `found`: of a file, or cmap of a running Corosync. */
export function compareCorosync(wanted: Keys, found: Keys): readonly CorosyncDifference[] {
  const differences = [...compareNodes(nodesOf(wanted), nodesOf(found)), ...compareKeys(wanted, found)];
  return [
    ...differences.filter(({ weight }) => weight === "matters"),
    ...differences.filter(({ weight }) => weight === "plain"),
  ];
}

function compareKeys(wanted: Keys, found: Keys): readonly CorosyncDifference[] {
  const names = new Set([...wanted.keys(), ...Object.keys(MATTERS)]);
  return [...names].flatMap((key): readonly CorosyncDifference[] => {
    if (/^(?:nodelist|logging|totem\.interface)\./.test(key) && !Object.hasOwn(MATTERS, key)) return [];
    const a = wanted.get(key) ?? DEFAULTS[key];
    const b = found.get(key) ?? DEFAULTS[key];
    if (a === b || (isEncrypted(wanted, found) && key === "totem.keyfile" && a === undefined)) return [];
    if (key === "totem.keyfile" && !isEncrypted(wanted, found)) return [];
    const effect = MATTERS[key];
    const text = `${key} is ${b ?? "not set"}, cluster.conf means ${a ?? "none"}`;
    return [effect === undefined ? { weight: "plain", text } : { weight: "matters", text, effect }];
  });
}

function isEncrypted(...sides: readonly Keys[]): boolean {
  return sides.some((keys) => (keys.get("totem.crypto_cipher") ?? "none") !== "none");
}

function nodesOf(keys: Keys): readonly NodeKeys[] {
  const indexes = [...keys.keys()].flatMap((key) => /^nodelist\.node\.(\d+)\.nodeid$/.exec(key)?.[1] ?? []);
  return indexes.map((index) => {
    const of = (field: string) => keys.get(`nodelist.node.${index}.${field}`);
    const links = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((link) => of(`ring${link}_addr`) ?? []);
    return {
      id: of("nodeid") ?? "",
      name: of("name") ?? of("ring0_addr") ?? "",
      addresses: links.join(", "),
      votes: of("quorum_votes") ?? "1",
    };
  });
}

function compareNodes(
  wanted: readonly NodeKeys[],
  found: readonly NodeKeys[],
): readonly CorosyncDifference[] {
  const differences: CorosyncDifference[] = [];
  const matters = (text: string, effect: string): void =>
    void differences.push({ weight: "matters", text, effect });
  for (const node of wanted) {
    const there = found.find(({ id }) => id === node.id);
    const elsewhere = found.find(({ name }) => name === node.name);
    if (there === undefined && elsewhere === undefined) {
      matters(
        `Corosync does not know node ${node.id} (${node.name})`,
        "it is no member, and votes for nothing",
      );
    } else if (elsewhere !== undefined && elsewhere.id !== node.id) {
      matters(
        `Corosync calls ${node.name} node ${elsewhere.id}, cluster.conf node ${node.id}`,
        "fencing goes by this number: the wrong machine would be switched off",
      );
    } else if (there !== undefined && there.name !== node.name && !isAddress(there.name)) {
      matters(
        `node ${node.id} is ${there.name} for Corosync and ${node.name} in cluster.conf`,
        "the wrong machine could be switched off",
      );
    }
    if (there !== undefined && there.votes !== node.votes) {
      matters(
        `node ${node.id} (${node.name}) has ${there.votes} votes, cluster.conf gives it ${node.votes}`,
        "the quorum is another one",
      );
    }
    if (there !== undefined && there.addresses !== node.addresses) {
      const text = `node ${node.id} (${node.name}) is reached at ${there.addresses}, cluster.conf names ${node.addresses}`;
      const fewer = there.addresses.split(", ").length < node.addresses.split(", ").length;
      if (fewer) matters(text, "a link that cluster.conf names is not used: one cable less");
      else differences.push({ weight: "plain", text });
    }
  }
  for (const node of found.filter((one) => !wanted.some(({ id }) => id === one.id))) {
    if (wanted.some(({ name }) => name === node.name)) continue; // Told above.
    matters(
      `Corosync has node ${node.id} (${node.name}), cluster.conf has not`,
      "its loss cannot be fenced, and freezes the cluster",
    );
  }
  return differences;
}

/** Without a `name` the first address stands for it. */
function isAddress(name: string): boolean {
  return /^[0-9.]+$|:/.test(name);
}
