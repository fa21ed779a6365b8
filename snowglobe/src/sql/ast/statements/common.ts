import type { DataType } from "../dataType";
import type { Identifier, ObjectName } from "../identifier";
import type { TimeTravel } from "../query";
import type { Node } from "../span";

/** `OR REPLACE` and `IF NOT EXISTS` of a CREATE; `orAlter` for CREATE OR ALTER. */
export interface CreateOptions {
  readonly orReplace: boolean;
  readonly orAlter: boolean;
  readonly ifNotExists: boolean;
}

/** A part of the statement in the user's own words: what GET_DDL and SHOW give back. */
export interface SourceText extends Node {
  readonly text: string;
}

/** `CLONE source [AT | BEFORE (...)]`. */
export interface CloneSource {
  readonly name: ObjectName;
  readonly timeTravel?: TimeTravel;
}

/** `[WITH] TAG (name = 'value')`. */
export interface TagAssignment {
  readonly name: ObjectName;
  readonly value: string;
}

/** What a column's definition may attach to it. */
export interface ColumnAttachments {
  readonly tags: readonly TagAssignment[];
  readonly maskingPolicy?: MaskingPolicyUse;
}

/** `[WITH] MASKING POLICY p [USING (column, ...)]` of a column. */
export interface MaskingPolicyUse {
  readonly policy: ObjectName;
  /** The masked column first, then those that the policy's conditions ask. */
  readonly using?: readonly Identifier[];
}

/** `[WITH] ROW ACCESS POLICY p ON (column, ...)` of a table or view. */
export interface RowAccessPolicyUse {
  readonly policy: ObjectName;
  readonly columns: readonly Identifier[];
}

/** A column of a view or dynamic table. */
export interface ColumnLabel extends Node, ColumnAttachments {
  readonly name: Identifier;
  /** Of a dynamic table's column only; absent: the query's. */
  readonly type?: DataType;
  readonly comment?: string;
}

/** Object kinds as they are written, in the singular, one blank between words. */
export type ObjectKind =
  | "ACCOUNT"
  | "ALERT"
  | "APPLICATION"
  | "COLUMN"
  | "CONSTRAINT"
  | "DATABASE"
  | "DATABASE ROLE"
  | "DYNAMIC TABLE"
  | "EVENT TABLE"
  | "EXTERNAL TABLE"
  | "FILE FORMAT"
  | "FUNCTION"
  | "ICEBERG TABLE"
  | "INTEGRATION"
  | "MASKING POLICY"
  | "MATERIALIZED VIEW"
  | "MODEL"
  | "NETWORK POLICY"
  | "NOTIFICATION INTEGRATION"
  | "PASSWORD POLICY"
  | "PIPE"
  | "PROCEDURE"
  | "RESOURCE MONITOR"
  | "ROLE"
  | "ROW ACCESS POLICY"
  | "SCHEMA"
  | "SECRET"
  | "SEQUENCE"
  | "SESSION POLICY"
  | "SHARE"
  | "STAGE"
  | "STREAM"
  | "STREAMLIT"
  | "TABLE"
  | "TAG"
  | "TASK"
  | "USER"
  | "VIEW"
  | "WAREHOUSE"
  | "API INTEGRATION"
  | "STORAGE INTEGRATION"
  | "SECURITY INTEGRATION"
  | "EXTERNAL ACCESS INTEGRATION"
  | "CATALOG INTEGRATION"
  | "HYBRID TABLE";
