import { SnowflakeError } from "../errors";

/** Something that JavaScript code has thrown, as it left the engine. */
export type Thrown = string | { readonly name?: string; readonly message?: string };

/** `TypeError: x is not a function`, or the thrown value. */
export function thrownText(thrown: Thrown): string {
  if (typeof thrown !== "object") return thrown;
  return `${thrown.name ?? "Error"}: ${thrown.message ?? ""}`;
}

export function javaScriptError(message: string): SnowflakeError {
  return new SnowflakeError("100132", "P0000", `JavaScript execution error: ${message}`);
}
