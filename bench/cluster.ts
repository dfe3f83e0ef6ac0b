/** The configuration of a benchmark's cluster: nodes that nobody fences. */
import { type ClusterConfig, FENCE_DAEMON_DEFAULTS } from "../src/core/config.ts";

export function configFor(count: number): ClusterConfig {
  const ids = Array.from({ length: count }, (_, i) => i + 1);
  return {
    name: "bench",
    version: 1,
    digest: "d",
    twoNode: false,
    fenceDaemon: { ...FENCE_DAEMON_DEFAULTS, cleanStart: true },
    nodes: ids.map((id) => ({
      id,
      name: `n${id}`,
      votes: 1,
      altnames: [],
      methods: [],
      unfence: [],
      line: 0,
    })),
  };
}
