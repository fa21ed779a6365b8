import type { Identifier, ObjectName } from "../identifier";
import type { Property } from "../property";

/** Shapes that ALTER statements of several kinds share. */
export interface RenameTo {
  readonly action: "renameTo";
  readonly name: ObjectName;
}
export interface SwapWith {
  readonly action: "swapWith";
  readonly name: ObjectName;
}
export interface SetProperties {
  readonly action: "set";
  readonly properties: readonly Property[];
}
/** Names upper-cased. */
export interface UnsetProperties {
  readonly action: "unset";
  readonly names: readonly string[];
}
export interface Suspend {
  readonly action: "suspend";
}
export interface Resume {
  readonly action: "resume";
  /** ALTER WAREHOUSE ... RESUME IF SUSPENDED. */
  readonly ifSuspended?: boolean;
}

/** Properties and renaming: what every kind can change. Tags have a statement of their own, see AlterAttachments. */
export type CommonAlterAction = RenameTo | SetProperties | UnsetProperties;

/** What every ALTER of a named object carries. */
export interface AlterTarget {
  readonly name: ObjectName;
  readonly ifExists: boolean;
}

/** ALTER COLUMN and its kin name columns by one identifier. */
export type ColumnName = Identifier;
