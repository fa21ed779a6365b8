import type { ServerLogger } from "../../src/server";

/** A logger that keeps what it is told. */
export function quietLogger(): ServerLogger & { readonly errors: { message: string; error: unknown }[] } {
  const errors: { message: string; error: unknown }[] = [];
  return { errors, info: () => undefined, error: (message, error) => errors.push({ message, error }) };
}
