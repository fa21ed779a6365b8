import type { Node } from "./span";

/**
 * One identifier. `name` is the resolved form: upper-cased when it stood unquoted, verbatim (with `""` undone) when it
 * was quoted. Source: "Identifier requirements".
 */
export interface Identifier extends Node {
  readonly name: string;
  readonly quoted: boolean;
}

/** An object's name as written: 1 to 3 parts, outermost first. `IDENTIFIER('a.b')` is resolved by the parser. */
export type ObjectName = readonly Identifier[];
