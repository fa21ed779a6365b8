const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Whether a Host header names this machine's loopback. A page of some web site whose name was made to resolve to
 * 127.0.0.1 (DNS rebinding) sends its own name, and is turned away.
 */
export function isLoopbackHost(host: string | undefined): host is string {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host ?? "");
  return match !== null && LOOPBACK_NAMES.has(match[1]!.toLowerCase());
}
