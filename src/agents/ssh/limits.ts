/** Units: bytes of the answer to one command. The longest that is of use has two. */
export const OUTPUT_BYTES_MAX = 65_536;

/** Units: ms between the end of a session and of its connection. */
export const GOODBYE_MS = 300;
