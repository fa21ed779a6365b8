import type { BindParameter, SessionVariable } from "./expression";
import type { Node } from "./span";

/**
 * One identifier. `name` is the resolved form: upper-cased when it stood unquoted, verbatim (with `""` undone) when it
 * was quoted. Source: "Identifier requirements".
 */
export interface Identifier extends Node {
  readonly name: string;
  readonly quoted: boolean;
  /**
   * `IDENTIFIER(:v)`, `IDENTIFIER($v)`, `IDENTIFIER(?)`: the whole name is the variable's value, known at run time only.
   * Such an identifier stands alone in its ObjectName and its `name` is empty; `parseObjectName` reads the value.
   */
  readonly variable?: BindParameter | SessionVariable;
}

/** An object's name as written: 1 to 3 parts, outermost first. `IDENTIFIER('a.b')` is resolved by the parser. */
export type ObjectName = readonly Identifier[];
