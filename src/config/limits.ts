/** Every bound on what a `cluster.conf` may be. Past one of them the file is refused, with a sentence. */

/** Largest file that is looked at; checked before the first byte is parsed. Units: bytes. */
export const CONFIG_BYTES_MAX = 1024 * 1024;

/** Deepest nesting. The deepest element that we know sits at 6; `rm` trees of old files need more. */
export const DEPTH_MAX = 32;

export const ELEMENTS_MAX = 10_000;

/** In the whole file: three for every element that there may be. */
export const ATTRIBUTES_MAX = 30_000;

export const ATTRIBUTES_PER_ELEMENT_MAX = 128;

/** Length of one attribute value as written. Units: characters. */
export const VALUE_CHARS_MAX = 8_192;

/** Length of the name of an element or attribute. Units: characters. */
export const NAME_CHARS_MAX = 255;

/** As many processes as one Corosync process group can hold. */
export const NODES_MAX = 128;

export const METHODS_PER_NODE_MAX = 16;

export const DEVICES_PER_METHOD_MAX = 16;

/** Cluster name of the old stack, still what other tools of a host expect. Units: characters. */
export const CLUSTER_NAME_CHARS_MAX = 15;

/** Problems reported of one file; one more line says that there are others. */
export const PROBLEMS_MAX = 200;

/** Longest delay that can be configured for the fence domain or an agent. Units: seconds. */
export const DELAY_SECONDS_MAX = 3_600;

/** One day: the fence domain's own waits may be long, but not by a typing error. Units: seconds. */
export const WAIT_SECONDS_MAX = 86_400;
