/**
 * Bugs to be planted on purpose: each is a replacement in one file of the core, together with a second
 * one where two rules of one kind stand behind one another. The text must occur there exactly once, so
 * that a changed core is noticed and the list is kept true.
 */

export interface Replacement {
  /** Below `src/core`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutant extends Replacement {
  readonly name: string;
  /** The rule that is broken, in one line. */
  readonly breaks: string;
  /** A second rule that would cover the first. */
  readonly also?: Replacement;
  /** Faults among which it shows; absent: everything. */
  readonly profile?: string;
}

function mutant(name: string, breaks: string, file: string, find: string, replace: string): Mutant {
  return { name, breaks, file, find, replace };
}

function both(one: Mutant, file: string, find: string, replace: string): Mutant {
  return { ...one, also: { file, find, replace } };
}

export const MUTANTS: readonly Mutant[] = [
  mutant(
    "exit-code-is-proof",
    "an agent that says done has proven nothing",
    "fencing/executor.ts",
    'const grade = operation.readBack ? readBack : "D";',
    "const grade = readBack;",
  ),
  mutant(
    "any-answer-reads-off",
    "only a reading of off is off",
    "fencing/executor.ts",
    'if (exit.result === "ok" && exit.power === "off") {',
    'if (exit.result === "ok") {',
  ),
  mutant(
    "shoots-by-its-own-outlet",
    "nobody shoots by an outlet that it hangs on itself",
    "fencing/executor.ts",
    "outletShared(config, nodeById(turn.state.config, turn.state.nodeId))",
    "outletShared(config, undefined)",
  ),
  mutant(
    "one-reading-is-enough",
    "off is read twice",
    "fencing/executor.ts",
    "if (offReads >= 2) {",
    "if (offReads >= 1) {",
  ),
  mutant(
    "every-grade-suffices",
    "evidence must reach the demand",
    "fencing/evidence.ts",
    "return STRENGTH[grade] >= STRENGTH[demand];",
    "return STRENGTH[grade] > 0 || STRENGTH[demand] < 0;",
  ),
  mutant(
    "fence-without-quorum",
    "without a quorum nobody is fenced",
    "fencing/master.ts",
    "  if (turn.state.quorum?.quorate !== true) return;\n",
    "",
  ),
  mutant(
    "thaw-before-persisted",
    "an epoch counts once a quorum of disks has it",
    "domain/epoch.ts",
    "if (votes < proposal.quorumVotes) return;",
    "if (votes < 0) return;",
  ),
  mutant(
    "persisted-before-the-disk",
    "a disk is believed when it answers",
    "domain/epoch.ts",
    "  turn.state = { ...rest, durable: epoch };\n",
    '  turn.state = { ...rest, durable: epoch };\n  multicast(turn, { type: "persisted", n: epoch.n, proposer: epoch.proposer });\n',
  ),
  mutant(
    "number-without-the-others-disks",
    "a proposal's number is above every disk's",
    "domain/epoch.ts",
    "...hellos.map((hello) => hello.durable.n))",
    "0)",
  ),
  mutant(
    "epoch-with-open-victims",
    "no epoch while a victim is open",
    "domain/epoch.ts",
    "const open = victims.length === 0 && suspects.length === 0;",
    "const open = victims.length >= 0 && suspects.length === 0;",
  ),
  mutant(
    "reunite-after-the-shot",
    "no reunion once a shot has begun",
    "domain/roles.ts",
    "return victim.begun || movedOn ? undefined : victim.incarnation;",
    "return movedOn ? undefined : victim.incarnation;",
  ),
  mutant(
    "forget-claimed-shots",
    "shots of the other side are adopted",
    "domain/admit.ts",
    "updateVictim(turn, shot.node, { begun: true,",
    "updateVictim(turn, shot.node, { begun: now.begun,",
  ),
  mutant(
    "open-gate-may-be-clean",
    "what guards said before an open gate is worth nothing",
    "domain/hello.ts",
    "clean: !mayBeUsed && isClean(state)",
    "clean: isClean(state)",
  ),
  mutant(
    "use-does-not-matter",
    "a host that uses storage is not let in as clean",
    "domain/roles.ts",
    'if (clean) return hello.wants === "join" ? "newcomer" : "observer";',
    'if (clean || hello.live) return hello.wants === "join" ? "newcomer" : "observer";',
  ),
  mutant(
    "fresh-host-is-a-stray",
    "a host that was never let go is nobody's lost member",
    "domain/roles.ts",
    "|| hello.letGo === true;",
    "|| hello.live;",
  ),
  mutant(
    "forget-clean-leave",
    "whoever left cleanly is not looked for",
    "domain/membership.ts",
    "updateLedger(turn, { members: withoutNode(ledger.members, node), departed });",
    "updateLedger(turn, { members: withoutNode(ledger.members, node) });",
  ),
  mutant(
    "wrong-incarnation",
    "another start is another incarnation",
    "ids.ts",
    "return a !== undefined && b !== undefined && a.boot === b.boot && a.start === b.start;",
    "return a !== undefined && b !== undefined && a.boot.length === b.boot.length;",
  ),
  mutant(
    "every-boot-is-the-same",
    "another boot is another boot",
    "ids.ts",
    "return a !== undefined && b !== undefined && a.boot === b.boot;",
    "return a !== undefined && b !== undefined;",
  ),
  mutant(
    "late-result-of-another-victim",
    "a result is bound to the incarnation it was for",
    "fencing/deliver.ts",
    "return same && body.attempt >= target.sinceAttempt;",
    "return same || body.attempt > 0;",
  ),
  mutant(
    "message-of-another-ring",
    "a message of another ring does nothing",
    "domain/deliver.ts",
    "if (ring === undefined || message.ring !== ring.id) return;",
    "if (ring === undefined) return;",
  ),
  mutant(
    "anybody-closes-incidents",
    "only the master's word ends an incident",
    "fencing/deliver.ts",
    "  closeIncident(turn, body.node, body);\n",
    "  closeIncident(turn, body.node, { ...body, wall: turn.now.wall });\n",
  ),
  mutant(
    "loss-is-no-victim",
    "a lost member is a victim at the view",
    "domain/view.ts",
    'if (left.reason === "node-down") {',
    'if (left.reason === "node-down" && turn.state.quorum === undefined) {',
  ),
  mutant(
    "dead-daemon-is-no-suspect",
    "a dead daemon holds storage for its grace",
    "domain/view.ts",
    "  suspect(turn, left.nodeId);\n",
    "  turn.state = { ...turn.state };\n",
  ),
  mutant(
    "grace-without-end",
    "a suspect becomes a victim after its grace",
    "fencing/master.ts",
    "turn.now.mono >= until && firstTime(turn, `grace",
    "turn.now.mono < 0 && firstTime(turn, `grace",
  ),
  mutant(
    "gate-ignores-the-epoch",
    "only members of the epoch write",
    "gate/gate.ts",
    "if (reasons.length === 0 && !inEpoch(state))",
    "if (reasons.length === 0 && !state.ledger.established && !inEpoch(state))",
  ),
  both(
    mutant(
      "gate-ignores-own-quorum",
      "a node without a quorum freezes by itself",
      "gate/gate.ts",
      'if (state.quorum?.quorate === false) reasons.push("this node has no quorum");',
      "",
    ),
    "step.ts",
    '...(input.quorate ? {} : { localFreeze: "this node had no quorum for a while" }),',
    "",
  ),
  mutant(
    "gate-forgets-local-freeze",
    "only an establishment opens what was shut here",
    "gate/gate.ts",
    "if (reasons.length === 0 && state.localFreeze !== undefined) reasons.push(state.localFreeze);",
    "",
  ),
  both(
    mutant(
      "write-on-after-the-engine-died",
      "without the group nothing is known, so nothing is written",
      "gate/gate.ts",
      "if (state.engineLost !== undefined) reasons",
      "if (state.engineLost === undefined && state.engineLost !== undefined) reasons",
    ),
    "domain/view.ts",
    '    localFreeze: "the group engine is gone",\n',
    "",
  ),
  mutant(
    "rejoin-under-the-old-epoch",
    "who left writes again only after an epoch with it",
    "domain/membership.ts",
    'update(turn, { wants: "none", leaving: false, localFreeze, letGo: false });',
    'update(turn, { wants: "none", leaving: false, letGo: false });',
  ),
  mutant(
    "ask-to-join-once",
    "who left may join again in the same ring",
    "domain/membership.ts",
    'forgetSent(turn, "join"); // It may come back, and go again, in the same ring.',
    "",
  ),
  mutant(
    "cold-start-looks-for-nobody",
    "who was not heard of since the start may be writing",
    "domain/startup.ts",
    "candidateNodes(turn).filter((id) => !isAccountedFor(turn, id));",
    "candidateNodes(turn).filter((id) => id < 0 && !isAccountedFor(turn, id));",
  ),
  mutant(
    "oldest-disk-tells",
    "the newest epoch on any disk tells who was a member",
    "domain/cold.ts",
    "const n = Math.max(0, ...records.map((record) => record.n));",
    "const n = Math.min(...records.map((record) => record.n));",
  ),
  mutant(
    "authority-without-epoch",
    "the highest established epoch is the base",
    "domain/authority.ts",
    "? [1, hello.expelled ? 0 : 1, hello.establishedEpoch, 0]",
    "? [1, hello.expelled ? 0 : 1, -hello.establishedEpoch, 0]",
  ),
  mutant(
    "one-victim-at-a-time",
    "no victim waits for another",
    "fencing/master.ts",
    "turn.state.ledger.victims.forEach((victim, index) => {",
    "turn.state.ledger.victims.slice(0, 1).forEach((victim, index) => {",
  ),
  mutant(
    "stuck-for-good",
    "a round that failed is followed by another",
    "fencing/master.ts",
    "if (retryAt !== undefined && turn.now.mono < retryAt) return;",
    "if (retryAt !== undefined) return;",
  ),
  mutant(
    "stuck-is-not-heard",
    "an attempt that was given up ends",
    "fencing/deliver.ts",
    'if (victim.stage === "fencing" && body.stage === "waiting") return;',
    'if (victim.stage === "fencing") return;',
  ),
  mutant(
    "always-the-same-executor",
    "the next attempt is another member's",
    "fencing/master.ts",
    "const next = able.find((node) => !victim.tried.includes(node) && node !== hung);",
    "const next = able.slice(0, 1).find((node) => !victim.tried.includes(node) && node !== hung);",
  ),
  both(
    mutant(
      "contradicted-word-counts",
      "a person is contradicted by what is heard and read",
      "requests/request.ts",
      "if (against !== undefined && request.contradict === undefined) {",
      "if (against !== undefined && request.contradict === against) {",
    ),
    "requests/drive.ts",
    "if (against !== undefined && !(insists && same)) {",
    'if (against === "" && !(insists && same)) {',
  ),
  mutant(
    "history-without-a-chain",
    "every certificate names the one before it",
    "fencing/incidents.ts",
    'previousHash: last?.hash ?? "",',
    'previousHash: "",',
  ),
  mutant(
    "clock-of-each-node",
    "a certificate carries one time on all nodes",
    "fencing/incidents.ts",
    "doneAt: closing.wall,",
    "doneAt: turn.now.wall,",
  ),
  mutant(
    "method-after-the-first-failure",
    "a failed method is followed by the next",
    "fencing/executor.ts",
    "const method = operation.method + 1;",
    "const method = operation.method + 1 + operation.failures.length;",
  ),
  mutant(
    "new-file-keeps-old-delays",
    "a new configuration counts delays anew",
    "configuration/documents.ts",
    "retryAt: new Map(), holds: new Map() } });",
    "retryAt: new Map() } });",
  ),
];
