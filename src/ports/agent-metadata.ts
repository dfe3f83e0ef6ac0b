/** What an agent says of itself when it is asked for `metadata`. Source: FenceAgentAPI, metadata. */

export interface AgentParameter {
  readonly name: string;
  readonly required: boolean;
  /** Still accepted, but there is a newer name. */
  readonly deprecated: boolean;
  /** The older name that this one replaces. */
  readonly obsoletes?: string;
  /** `string`, `boolean`, `integer`, `second`, `select`; anything else as it was written. */
  readonly type: string;
  readonly default?: string;
  /** The values of a `select`. */
  readonly options: readonly string[];
  readonly help: string;
}

export interface AgentActionInfo {
  readonly name: string;
  /** Unfencing is to be done by itself, when the node comes up. */
  readonly automatic: boolean;
  /** To be run on the node itself. */
  readonly onTarget: boolean;
}

export interface AgentMetadata {
  readonly name: string;
  readonly shortdesc: string;
  readonly parameters: readonly AgentParameter[];
  readonly actions: readonly AgentActionInfo[];
}

/** Undefined: not metadata, or more than can be right. Never throws or rejects. */
export type ParseAgentMetadata = (
  text: string,
) => AgentMetadata | undefined | Promise<AgentMetadata | undefined>;
