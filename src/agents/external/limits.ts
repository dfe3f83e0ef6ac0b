/** Limits of everything around one run of an external agent. */

/** Units: characters of `detail`. Source: ports/agent-runner.ts. */
export const DETAIL_LENGTH_MAX = 300;

/** Units: bytes on an agent's standard input. */
export const INPUT_BYTES_MAX = 64 * 1024;

/** Agents that run at one time; a further one fails at once. */
export const RUNS_MAX = 128;

/** Units: ms. How long an agent may take to describe itself. */
export const METADATA_BUDGET_MS = 5_000;

/** Agents that describe themselves at one time. */
export const METADATA_RUNS_MAX = 4;

/** Agents whose description is remembered; the oldest goes first. */
export const METADATA_KEPT_MAX = 256;

/** Units: ms. How long a passwd_script may take, within the budget of the run. */
export const PASSWORD_SCRIPT_BUDGET_MS = 5_000;

/** Units: characters. Nothing longer is a password. */
export const PASSWORD_LENGTH_MAX = 4_096;
