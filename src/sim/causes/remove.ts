/** How a cause that `why` names is taken away from a copy of its ring, by what its own words say. */
import type { NodeId } from "../../core/ids.ts";
import type { State } from "../../core/state.ts";
import { withoutNode } from "../../core/turn.ts";
import type { Cause } from "../../core/view/types.ts";
import { change, feedAll, type RingCopy } from "./copy.ts";

export interface Question {
  readonly copy: RingCopy;
  /** Who is held, and says why. */
  readonly node: NodeId;
}

export interface Removal {
  readonly cause: Cause;
  /** It ends by itself at once where messages arrive: whether it is there cannot be seen in a copy. */
  readonly isPassing: boolean;
  /** Disks whose answer it waits for. */
  readonly disks: readonly NodeId[];
  remove(question: Question): void;
}

export function idOf(state: State, name: string | undefined): NodeId | undefined {
  return state.config.nodes.find((node) => node.name === name)?.id;
}

/** Nodes that the text names after `words`, up to the end of the list. */
function namedAfter(state: State, text: string, words: string): readonly NodeId[] {
  const at = text.indexOf(words);
  if (at < 0) return [];
  const list = text.slice(at + words.length).split(/[;,\s]+/);
  return list.flatMap((name) => idOf(state, name) ?? []);
}

function lookNoMore(copy: RingCopy): void {
  change(copy, (state) => ({ ...state, ledger: { ...state.ledger, startup: "done" } }));
}

/** Enough nodes are back: there is a quorum, and nobody has to be looked for. */
function quorumBack(copy: RingCopy): void {
  lookNoMore(copy);
  feedAll(copy, ({ quorum, ring }) => {
    const here = [...(ring?.hellos.values() ?? [])].reduce((sum, hello) => sum + hello.votes, 0);
    return {
      type: "quorum",
      ringId: ring?.id ?? "",
      quorate: true,
      quorumVotes: Math.min(quorum?.quorumVotes ?? 1, Math.max(1, here)),
      ownVotes: quorum?.ownVotes ?? 1,
    };
  });
}

/** What the ledger says of a lost node, or of one whose daemon is gone. */
export function withoutLost(state: State, code: "victim" | "suspect", node: NodeId | undefined): State {
  const { ledger } = state;
  if (node === undefined) return state;
  const rest =
    code === "victim"
      ? { victims: withoutNode(ledger.victims, node) }
      : { suspects: withoutNode(ledger.suspects, node) };
  return { ...state, ledger: { ...ledger, ...rest } };
}

function epochRemoval(state: State, cause: Cause): Removal {
  const [here = "", elsewhere = ""] = cause.step.split(/(?=no daemon is heard on )/);
  const disks = namedAfter(state, here, "is not yet on the disks of ");
  const silent = namedAfter(state, elsewhere, "no daemon is heard on ");
  const { votes = 1 } = state;
  return {
    cause,
    isPassing: disks.length + silent.length === 0,
    disks,
    remove({ copy }) {
      if (silent.length === 0) return; // Disks answer by themselves.
      change(copy, (one) => {
        const proposal = one.ring?.proposal;
        if (one.ring === undefined || proposal === undefined) return one;
        const persistedBy = new Map(proposal.persistedBy);
        for (const id of silent) {
          persistedBy.set(id, one.config.nodes.find((node) => node.id === id)?.votes ?? 1);
        }
        return { ...one, ring: { ...one.ring, proposal: { ...proposal, persistedBy } } };
      });
      // Disks are counted when one more is told of.
      const { proposal, id } = state.ring ?? {};
      if (proposal === undefined || id === undefined) return;
      const { n, proposer } = proposal.epoch;
      const from = { nodeId: state.nodeId, processId: state.processId };
      const body = { type: "persisted", n, proposer, votes } as const;
      feedAll(copy, () => ({ type: "deliver", from, message: { ring: id, body } }));
    },
  };
}

/** Undefined: such a cause is about more than this ring, and a copy of the ring cannot tell. */
export function removalOf(state: State, cause: Cause): Removal | undefined {
  const about = idOf(state, cause.node);
  const { code } = cause;
  const plain = { cause, isPassing: false, disks: [] };
  switch (code) {
    case "victim":
    case "suspect":
      if (about === undefined) return undefined;
      return { ...plain, remove: ({ copy }) => change(copy, (one) => withoutLost(one, code, about)) };
    case "no-quorum":
    case "first-start":
      return { ...plain, remove: ({ copy }) => quorumBack(copy) };
    case "epoch":
      return epochRemoval(state, cause);
    case "not-joined":
      return {
        ...plain,
        isPassing: state.wants === "join" && state.inUse?.length === 0,
        remove({ copy, node }) {
          lookNoMore(copy);
          copy.waiting.push({ to: node, input: { type: "guard", inUse: [] } });
          if (state.wants === "join") return;
          copy.waiting.push({
            to: node,
            input: { type: "request", id: "what-if", request: { type: "join" } },
          });
        },
      };
    default:
      return undefined;
  }
}
