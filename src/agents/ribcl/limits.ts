/** Limits of one conversation in RIBCL. The budget of the whole action comes on top of them. */

/** Units: bytes that one exchange may bring. A status is 2 kB, the data of a host 30 kB. */
export const EXCHANGE_BYTES_MAX = 256 * 1024;

/** Documents that one exchange may bring; a status takes seven. */
export const EXCHANGE_DOCUMENTS_MAX = 96;

/** Tags that are read of one document, and attributes that are read of one tag. */
export const DOCUMENT_TAGS_MAX = 512;
export const TAG_ATTRIBUTES_MAX = 32;

/** Units: characters of a user name or password. Source: HP's guides name 39; others allow more. */
export const CREDENTIAL_LENGTH_MAX = 127;

/** Units: ms. The answer is there; whatever still follows it comes within this time. */
export const TRAILING_SILENCE_MS = 300;

/** Units: ms added to the patience for an answer while a power button is being held. */
export const BUTTON_HOLD_MS = 7_000;

/** Units: ms. A button is not held again before this: holding takes six seconds. */
export const HOLD_AGAIN_MS = 10_000;

/** Units: ms. The last words to a device may take this long to leave. */
export const GOODBYE_MS = 200;
