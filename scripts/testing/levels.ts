/** The levels of `npm test`, as data, in the order in which they run. Described in docs/testing.md. */
import { type Counts, ONE_FAILED, ONE_PASSED, sum } from "./counts.ts";
import { type NodeTests, runNodeTests } from "./node-tests.ts";
import { runCommand } from "./process.ts";
import { playStories } from "./stories.ts";

export interface Level {
  readonly name: string;
  readonly about: string;
  /** `packages`: uses Debian packages when they are there. `root`: cannot run without root and them. */
  readonly needs?: "packages" | "root";
  /** Runs at the same time as that level, which mostly waits. What it says is shown when both are over. */
  readonly beside?: string;
  /** `say` takes what a level that runs beside another one prints, line by line. */
  run(say: (line: string) => void): Promise<Counts>;
}

const MINUTE_MS = 60_000;
const NODE_TESTS: NodeTests = {
  globs: [],
  filesAtOnce: 2,
  testLimitMs: MINUTE_MS,
  limitMs: 5 * MINUTE_MS,
};
const STATIC_LIMIT_MS = 3 * MINUTE_MS;
/** Shrinking what was found takes its time, too. */
const SEEDS_LIMIT_MS = 6 * MINUTE_MS;
/** Played at every run, and clean: whatever breaks one of them has broken a promise. */
const SEEDS_KEPT = 1_000;

export const LEVELS: readonly Level[] = [
  {
    name: "static",
    about: "types, lint and format, and the rules of the house",
    async run() {
      const tools = [
        await tool("types", "tsc", ["-p", "tsconfig.json", "--noEmit"]),
        await tool("types of the pure folders", "tsc", ["-p", "tsconfig.pure.json", "--noEmit"]),
        await tool("types of the page", "tsc", ["-p", "web/tsconfig.json", "--noEmit"]),
        await tool("lint and format", "biome", ["check", "--error-on-warnings"]),
      ];
      const globs = ["test/tidy/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts"];
      return sum([...tools, await runNodeTests({ ...NODE_TESTS, globs })]);
    },
  },
  {
    name: "unit",
    about: "functions and files, next to the code",
    run: () => runNodeTests({ ...NODE_TESTS, globs: ["src/**/*.test.ts", "web/src/**/*.test.ts"] }),
  },
  {
    name: "scenarios",
    about: "golden stories of the core in virtual time",
    run: () =>
      runNodeTests({
        ...NODE_TESTS,
        globs: ["test/scenarios.test.ts", "test/scenarios/**/*.test.ts", "test/sim/**/*.test.ts"],
      }),
  },
  {
    name: "seeds",
    about: "simulated worlds that must be clean",
    run: async (say) => ((await seeds("1", ["--seeds", String(SEEDS_KEPT)], say)) ? ONE_PASSED : ONE_FAILED),
  },
  {
    name: "compliance",
    about: "one suite against every implementation of a port: fence agents",
    needs: "packages",
    run: () =>
      runNodeTests({
        ...NODE_TESTS,
        globs: ["test/compliance/agents/**/*.test.ts", "test/compliance/builtin/**/*.test.ts"],
        limitMs: 8 * MINUTE_MS,
      }),
  },
  {
    name: "engines",
    about: "one suite against every group engine",
    needs: "packages",
    beside: "integration",
    run: (say) =>
      runNodeTests(
        { ...NODE_TESTS, globs: ["test/compliance/group-engine/**/*.test.ts"], filesAtOnce: 1 },
        say,
      ),
  },
  {
    name: "integration",
    about: "real processes, sockets, disks and agents",
    needs: "packages",
    run: () =>
      runNodeTests({
        ...NODE_TESTS,
        globs: ["test/integration/**/*.test.ts", "test/golden/**/*.test.ts"],
        filesAtOnce: 1,
        testLimitMs: 2 * MINUTE_MS,
      }),
  },
  {
    name: "demo",
    about: "stories with daemons on loopback and simulated power",
    run: () =>
      playStories({ main: "src/demo/main.ts", args: ["--story", "all", "--json"], limitMs: 8 * MINUTE_MS }),
  },
  {
    name: "fresh",
    about: "a minute of simulated worlds that nobody has seen",
    beside: "demo",
    async run(say) {
      const clean = await seeds("fresh", ["--seeds", "1000000", "--budget", "60s"], say);
      if (!clean) say("NEW     fresh seeds found what is printed above: docs/testing.md, Fresh seeds");
      return ONE_PASSED;
    },
  },
  {
    name: "e2e",
    about: "the console in a real browser, on the demo's daemons",
    needs: "packages",
    run: () =>
      runNodeTests({
        ...NODE_TESTS,
        globs: ["test/e2e/**/*.test.ts"],
        filesAtOnce: 1,
        testLimitMs: 2 * MINUTE_MS,
      }),
  },
  {
    name: "lab",
    about: "stories with real Corosync nodes, real agents and a BMC",
    needs: "root",
    run: () => playStories({ main: "src/lab/main.ts", args: ["all", "--json"], limitMs: 12 * MINUTE_MS }),
  },
];

/** At the lowest priority: whatever else runs has clients that wait. */
async function seeds(first: string, how: readonly string[], say: (line: string) => void): Promise<boolean> {
  const hunt = ["node_modules/.bin/node", "src/sim-cli/main.ts", "--first", first, ...how];
  return (await runCommand("nice", ["-n", "19", ...hunt], { limitMs: SEEDS_LIMIT_MS, onLine: say })).ok;
}

/** A tool that passes or fails as a whole, counted as one test. */
async function tool(title: string, name: string, args: readonly string[]): Promise<Counts> {
  const end = await runCommand(`node_modules/.bin/${name}`, args, { limitMs: STATIC_LIMIT_MS });
  console.log(`${end.ok ? "ok    " : "FAILED"}  ${title} (${name} ${args.join(" ")})`);
  return end.ok ? ONE_PASSED : ONE_FAILED;
}
