import type { Expression } from "../expression";
import type { Identifier } from "../identifier";
import type { Property } from "../property";
import type { StageLocation } from "../query";
import type { Node } from "../span";
import type { Statement } from "../statement";

/** ALTER SESSION SET p = v ... | UNSET p, ... */
export interface AlterSession extends Node {
  readonly kind: "alterSession";
  readonly set: readonly Property[];
  /** Upper-cased. */
  readonly unset: readonly string[];
}
/** SET v = e | SET (a, b) = (e, f). Names upper-cased unless quoted. */
export interface SetVariables extends Node {
  readonly kind: "setVariables";
  readonly names: readonly Identifier[];
  /** As many as names, or one subquery. */
  readonly values: readonly Expression[];
}
export interface UnsetVariables extends Node {
  readonly kind: "unsetVariables";
  readonly names: readonly Identifier[];
}
/** BEGIN [WORK | TRANSACTION] [NAME n], START TRANSACTION [NAME n]. */
export interface BeginTransaction extends Node {
  readonly kind: "beginTransaction";
  readonly name?: Identifier;
}
export interface Commit extends Node {
  readonly kind: "commit";
}
export interface Rollback extends Node {
  readonly kind: "rollback";
}
/** EXPLAIN [USING TABULAR | JSON | TEXT] statement. */
export interface Explain extends Node {
  readonly kind: "explain";
  readonly format: "TABULAR" | "JSON" | "TEXT";
  readonly statement: Statement;
}
/** EXPLAIN CHANGES [USING ...] statement. Source: "Predict refresh behavior". */
export interface ExplainChanges extends Node {
  readonly kind: "explainChanges";
  readonly format: "TABULAR" | "JSON" | "TEXT";
  readonly statement: Statement;
}
/** EXECUTE IMMEDIATE 'text' | :v | $v [USING (a, b)]; also of a literal block (`$$ ... $$`). */
export interface ExecuteImmediate extends Node {
  readonly kind: "executeImmediate";
  readonly statement: Expression;
  /** Names of variables, upper-cased. */
  readonly using: readonly string[];
}
/** EXECUTE IMMEDIATE FROM @stage/path/file, or from a file beside the one in which it stands. */
export interface ExecuteFile extends Node {
  readonly kind: "executeFile";
  /** Absent: `relative` is given. */
  readonly location?: StageLocation;
  /** As written: `/a.sql`, `./a.sql`, `../b/a.sql`. */
  readonly relative?: string;
}
/** `a ->> b ->> c`. Source: "Flow operators". */
export interface Pipe extends Node {
  readonly kind: "pipe";
  readonly statements: readonly Statement[];
}
/** A statement that is known but not done: execution refuses it by `feature`'s name. */
export interface UnsupportedStatement extends Node {
  readonly kind: "unsupportedStatement";
  readonly feature: string;
}
