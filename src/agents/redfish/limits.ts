/** Limits of one conversation in Redfish. The budget of the whole action comes on top of them. */

/** Units: bytes of one answer. A system of a big server takes 40 kB. */
export const BODY_BYTES_MAX = 1024 * 1024;

/** A GET is led on this often: iLO puts the slash at the end of a path. */
export const REDIRECTS_MAX = 3;

/** Units: characters of a path on the device. */
export const PATH_LENGTH_MAX = 512;

/** Systems of one collection that are looked at. */
export const SYSTEMS_MAX = 256;

/** Units: characters of what the device says of a refusal. */
export const MESSAGE_LENGTH_MAX = 160;

/** Units: ms for one answer when shell_timeout does not say it: controllers can be slow. */
export const ANSWER_SECONDS = 10;

/** Units: ms. The goodbye to a session may take this long, also when the time is over. */
export const GOODBYE_MS = 400;
