/** Bugs of explanations: what is said of a freeze, a delay or a lock is not what it is. */
import type { Mutant } from "./list.ts";

export const WHY_MUTANTS: readonly Mutant[] = [
  {
    name: "why-names-one-victim",
    breaks: "why names all that holds storage",
    file: "view/why.ts",
    find: "...state.ledger.victims.map((victim)",
    replace: "...state.ledger.victims.slice(0, 1).map((victim)",
  },
  {
    name: "why-forgets-suspects",
    breaks: "why names a daemon that is gone beside other causes",
    file: "view/why.ts",
    find: "    ...suspectCauses(state),\n",
    replace: "    ...(state.ledger.victims.length > 0 ? [] : suspectCauses(state)),\n",
  },
  {
    name: "why-blames-who-is-gone",
    breaks: "why names nothing that holds nobody",
    file: "view/why.ts",
    find: "return state.ledger.suspects.map(({ node }) => ({",
    replace: "return [...state.ledger.suspects, ...state.ledger.departed.slice(0, 1)].map(({ node }) => ({",
  },
  {
    name: "why-names-all-disks",
    breaks: "why names the disks that have not answered",
    file: "view/why.ts",
    find: "const waiting = speakers(ring).filter((p) => !proposal.persistedBy.has(p.nodeId));",
    replace: "const waiting = speakers(ring).filter((p) => proposal.persistedBy.has(p.nodeId));",
  },
  {
    name: "why-tells-another-delay",
    breaks: "the delay that was begun is the one that is told",
    file: "fencing/master.ts",
    find: 'sendState(turn, victim, "waiting", hold.why, victim.rounds);',
    replace: 'sendState(turn, victim, "waiting", holdFor(turn.state, victim).why, victim.rounds);',
  },
  {
    name: "why-tells-a-delay-once",
    breaks: "a delay that goes on in another ring is told there",
    file: "fencing/master.ts",
    find: "  const hold = { until: turn.now.mono + ms, why };\n",
    replace:
      '  const hold = { until: turn.now.mono + ms, why };\n  if (ms > 0) sendState(turn, victim, "waiting", why, victim.rounds);\n',
    also: {
      file: "fencing/master.ts",
      find: '  sendState(turn, victim, "waiting", hold.why, victim.rounds);\n  return false;',
      replace: "  return false;",
    },
  },
  {
    name: "why-hides-the-question",
    breaks: "whoever waits for an answer says so",
    file: "fencing/master.ts",
    find: "    sayAnswerAwaited(turn, victim);\n",
    replace: "",
  },
  {
    name: "why-promises-a-shot",
    breaks: "where no member is left nobody is fenced, and why says so",
    file: "view/why.ts",
    find: "if (state.ledger.members.every(({ node }) => node === victim.node)) {",
    replace: "if (state.nodeId < 0) {",
  },
  {
    name: "why-forgets-the-queue",
    breaks: "a lock that waits is told its place",
    file: "view/locks.ts",
    find: "if (before > 0) reasons.push",
    replace: "if (before > 0 && rivals.length === 0) reasons.push",
  },
];
