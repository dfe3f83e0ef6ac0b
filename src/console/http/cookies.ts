/** The session's cookie. Source: RFC 6265bis, cookie name prefixes. */

/** Several nodes may be on one address (the demo), and cookies do not tell ports apart. */
export function cookieName(port: number): string {
  return `__Host-bouncer-${port}`;
}

/** Ends with the browser; the session behind it has its own end. */
export function setCookie(name: string, secret: string): string {
  return `${name}=${secret}; Path=/; Secure; HttpOnly; SameSite=Strict`;
}

export function clearCookie(name: string): string {
  return `${name}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0`;
}

export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
