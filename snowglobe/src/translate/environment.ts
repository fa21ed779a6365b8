import type { Plan } from "./plan";
import type { DataType } from "../sql/ast/dataType";
import type { BoundExpression } from "./boundExpression";
import type { PlanColumn } from "./plan";
import type { Expression } from "../sql/ast/expression";
import type { ObjectName } from "../sql/ast/identifier";
import type { Query, StageSource } from "../sql/ast/query";

/** All that binding needs to know of catalog and session. Synchronous: what must be read is read beforehand. */
export interface BindEnvironment {
  readonly session: SessionContext;
  readonly binds: Binds;
  /** A table, view, dynamic table or stream by its name. @throws SnowflakeError doesNotExist */
  resolveRelation(name: ObjectName, source?: { readonly boundary?: true }): Relation;
  /** A table function that is not built in: RESULT_SCAN, INFORMATION_SCHEMA.TASK_HISTORY, a user's own. */
  resolveTableFunction?(
    name: ObjectName,
    args: readonly ArgumentText[],
  ): SqlRelation | ViewRelation | TableRoutine | TableHandler | undefined;
  /** A scalar function that is not built in: SYSTEM$..., SNOWFLAKE.ALERT..., a user's own, `seq.NEXTVAL`. */
  resolveScalarFunction?(name: ObjectName, args: readonly ArgumentText[]): ScalarFunction | undefined;
  /** The value of a sequence, for `seq.NEXTVAL`: DuckDB text. */
  resolveSequence?(name: ObjectName): { readonly sql: string } | undefined;
  /** The values, as text, of a plan with one column: what a PIVOT without a list makes its columns of. */
  pivotValues?(plan: Plan): readonly (string | null)[];
  resolveStageSource?(source: StageSource): SqlRelation;
  /** `$n` of a `->>` pipe. */
  resolvePipeResult?(back: number): SqlRelation;
}

export interface SessionContext {
  readonly currentDatabase: string | null;
  readonly currentSchema: string | null;
  readonly currentRole: string | null;
  readonly currentUser: string;
  readonly currentWarehouse: string | null;
  readonly sessionId: number;
  /** Name and version of the client's driver. */
  readonly client: string;
  readonly organization: string;
  /** CURRENT_SECONDARY_ROLES: names of the roles that count beside the primary one, and how they were asked for. */
  readonly secondaryRoles: { readonly roles: readonly string[]; readonly value: string };
  readonly account: string;
  readonly region: string;
  readonly version: string;
  /** IANA name of the session's TIMEZONE parameter. */
  readonly timezone: string;
  /** What a bare TIMESTAMP means. */
  readonly timestampTypeMapping: "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ";
  /** Microseconds since 1970-01-01 UTC: what CURRENT_TIMESTAMP answers. */
  readonly statementTimestamp: number;
  /** Session variables by upper-case name. */
  readonly variables: ReadonlyMap<string, TypedValue>;
  /** Session parameters by upper-case name: DATE_OUTPUT_FORMAT, WEEK_START ...; absent: Snowflake's default. */
  readonly parameters: ReadonlyMap<string, string | number | boolean>;
  /** Ids of this session's statements, newest first. */
  readonly lastQueryIds: readonly string[];
}

/** A value with its type: text as Snowflake would print it, null for NULL. */
export interface TypedValue {
  readonly type: DataType;
  readonly value: string | null;
}

export interface Binds {
  /** `?` and `:1`, in order. */
  readonly positional: readonly TypedValue[];
  /** Of an array bind: the columns, of a relation that the query reads, that stand in their places. */
  readonly columns?: readonly string[];
  /** `:name`, upper-case: Scripting variables. */
  readonly named: ReadonlyMap<string, TypedValue>;
}

/** An argument of a function that the environment resolves. */
export interface ArgumentText {
  /** Upper-case name of `name => value`. */
  readonly name?: string;
  /** DuckDB text of the value. */
  readonly sql: string;
  readonly type: DataType;
  /** The plain value of a constant; undefined where it is none. */
  readonly constant?: string | null;
}

export type Relation = StoredRelation | StreamRelation | ViewRelation | SqlRelation;

export interface RelationColumn {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** The column's name in storage. */
  readonly physical: string;
  /** Only there for those who name it: `*` leaves it out. */
  readonly hidden?: boolean;
}

/** A policy's expression over the columns that its arguments stand for. */
export interface PolicyCall {
  /** Names of columns of the relation, in the order of the arguments. */
  readonly columns: readonly string[];
  /** Names of the arguments. */
  readonly parameters: readonly string[];
  readonly body: Expression;
  readonly text: string;
  readonly environment: BindEnvironment;
}

/** Policies between a relation's rows and whoever reads them: first which rows, then what of their columns. */
export interface RelationProtection {
  readonly rows?: PolicyCall;
  /** By the name of the masked column. */
  readonly masks: ReadonlyMap<string, PolicyCall>;
}

export interface StoredRelation {
  readonly kind: "stored";
  /** Storage's table id. */
  readonly id: number;
  /** Database, schema, name. */
  readonly path: readonly string[];
  readonly columns: readonly RelationColumn[];
  /** Carried through to ScanNode untouched, for whoever emits. */
  readonly tag?: unknown;
  /** Columns that no `*` brings, such as METADATA$IS_FROZEN: what they stand for over the scan's columns. */
  readonly metadata?: readonly {
    readonly name: string;
    readonly over: (columns: readonly PlanColumn[]) => BoundExpression;
  }[];
  /** Read through DYNAMIC_TABLE_REFRESH_BOUNDARY(...), itself or a view that reads it. */
  readonly boundary?: true;
  /** SELF of REFRESH USING. */
  readonly self?: true;
  readonly protection?: RelationProtection;
}

/** A stream: the source's columns, then METADATA$ACTION, METADATA$ISUPDATE, METADATA$ROW_ID with physical names. */
export interface StreamRelation {
  readonly kind: "stream";
  /** The stream's object id. */
  readonly id: number;
  readonly path: readonly string[];
  readonly columns: readonly RelationColumn[];
  readonly tag?: unknown;
  /** Of the table or view that it is on. */
  readonly protection?: RelationProtection;
}

/** A view is bound in place, in the context of its own definition. */
export interface ViewRelation {
  readonly kind: "view";
  readonly id?: number;
  readonly path: readonly string[];
  readonly query: Query;
  /** The text that the query's spans refer to. */
  readonly text: string;
  /** The view's column names; absent: the query's. */
  readonly columnNames?: readonly string[];
  readonly environment: BindEnvironment;
  readonly protection?: RelationProtection;
}

/** Ready DuckDB text for FROM, e.g. an INFORMATION_SCHEMA view or a kept result. */
export interface SqlRelation {
  readonly kind: "sql";
  readonly path: readonly string[];
  readonly sql: string;
  readonly columns: readonly RelationColumn[];
}

export type ScalarFunction =
  /** A constant text: functions that need a constant take it, too. */
  | { readonly kind: "text"; readonly value: string }
  /** Ready DuckDB text. */
  | {
      readonly kind: "expression";
      readonly sql: string;
      readonly type: DataType;
      readonly volatility: "deterministic" | "stable" | "session" | "volatile";
    }
  /** DuckDB text with `$0`, `$1` ... for the arguments, which may be columns. */
  | {
      readonly kind: "template";
      readonly template: string;
      readonly type: DataType;
      readonly volatility: "deterministic" | "stable" | "session" | "volatile";
    }
  /** A SQL function of the user's: its body is bound in place. */
  | ({ readonly kind: "body"; readonly returnType: DataType; readonly body: Expression } & RoutineCall)
  /** A function of the user's in JavaScript. */
  | ({ readonly kind: "handler"; readonly returnType: DataType; readonly volatile: boolean } & HandlerCall);

/** A call of a handler; `text` is its source. */
export interface HandlerCall extends RoutineCall {
  readonly name: string;
}

/** A call of a user's table function in JavaScript. */
export interface TableHandler extends HandlerCall {
  readonly kind: "tableHandler";
  readonly columns: TableRoutine["columns"];
}

/** A call of a user's function: what its body is bound with. */
export interface RoutineCall {
  readonly parameters: readonly RoutineParameter[];
  /** NULL for an argument gives NULL. */
  readonly strict: boolean;
  /** Of the function as it is: one that is replaced has another, though it may be the same otherwise. */
  readonly id: number;
  /** Declared IMMUTABLE, not VOLATILE. */
  readonly immutable: boolean;
  readonly text: string;
  readonly environment: BindEnvironment;
}

export interface RoutineParameter {
  readonly name: string;
  readonly type: DataType;
  /** Place among the call's arguments, those by name after the others; else its default. */
  readonly given: number | Expression;
}

/** A call of a user's table function: its query is bound in place, once for each row that the arguments are of. */
export interface TableRoutine extends RoutineCall {
  readonly kind: "tableRoutine";
  readonly query: Query;
  readonly columns: readonly { readonly name: string; readonly type: DataType }[];
}
