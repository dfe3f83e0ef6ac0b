/** The text of a `cluster.conf` as it may be shown: no password is in it, comments included. */
import { isSecretName } from "./secret.ts";

export const MASK = "[secret]";
const ATTRIBUTE = /([^\s=<>"'/]+)(\s*=\s*)("[^"]*"|'[^']*')/g;

/** What was commented out is masked as well: an old password is one all the same. */
export function redactText(text: string): string {
  return text.replace(ATTRIBUTE, (whole, name: string, equals: string, value: string) => {
    if (!isSecretName(name) || value.length <= 2) return whole;
    const quote = value[0] as string;
    return `${name}${equals}${quote}${MASK}${quote}`;
  });
}
