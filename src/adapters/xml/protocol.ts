/** What the daemon and the thread that reads XML say to one another. */
import type { ConfigTree } from "../../config/tree.ts";
import type { AgentMetadata } from "../../ports/agent-metadata.ts";

export type XmlJob =
  | { readonly type: "config"; readonly bytes: Uint8Array }
  | { readonly type: "metadata"; readonly text: string };

export type XmlAnswer =
  | { readonly type: "config"; readonly tree: ConfigTree }
  | { readonly type: "metadata"; readonly metadata: AgentMetadata | undefined };
