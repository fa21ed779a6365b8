import type { CatalogObject, Database, ObjectOf } from "../catalog/objects";
import type { Statement, StatementKind, StatementOf } from "../sql/ast/statement";
import type { Describe, ShowKind } from "../sql/ast/statements/metadata";
import type { AlterRoutine, CreateRoutine } from "../sql/ast/statements/routine";
import type { GrantPrivileges, GrantRole } from "../sql/ast/statements/security";
import type { ArgumentText, ScalarFunction, SqlRelation } from "../translate/environment";
import type { UsageView } from "./accountUsage";
import type { ActingFunction } from "./actingFunction";
import type { Handler, StatementContext } from "./context";
import type { DdlWriter } from "./ddl";
import type { ShowHandler } from "./listing";

/** Statements of one kind; some share a node: GRANT and REVOKE, functions and procedures. */
type NodeOf<K extends StatementKind> = K extends "grantPrivileges" | "revokePrivileges"
  ? GrantPrivileges
  : K extends "grantRole" | "revokeRole"
    ? GrantRole
    : K extends "createFunction" | "createProcedure"
      ? CreateRoutine
      : K extends "alterFunction" | "alterProcedure"
        ? AlterRoutine
        : StatementOf<K>;

export type Handlers = { readonly [K in StatementKind]?: Handler<NodeOf<K> & Statement> };

/** A scalar function whose value needs the session or the catalog. */
export type SystemFunction = (args: readonly ArgumentText[], context: StatementContext) => ScalarFunction;

/** A table function of a database's INFORMATION_SCHEMA. */
export type InformationFunction = (
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
) => SqlRelation;

/** A table function that stands by its name alone. */
export type OwnTableFunction = (args: readonly ArgumentText[], context: StatementContext) => SqlRelation;

/** All that a folder of statements/ gives to the whole: registry.ts merges the modules. */
export interface StatementModule {
  // What each kind of statement does, by how it stands to the session's transaction and to a client that only asks for
  // the columns of its answer. A kind that no module has is refused by name.
  /** DDL: commits what the session has open before it runs. Source: "Transactions", DDL statements. */
  readonly definitions?: Handlers;
  /** DML: runs in the session's transaction, and is one where it has none. Source: "Transactions", terminology. */
  readonly changes?: Handlers;
  /** What answers a request for its columns alone by itself. All but changes and queries have one column, `status`. */
  readonly queries?: Handlers;
  /** All else: of the session, of a stage's files, to run a task. */
  readonly commands?: Handlers;
  readonly show?: Partial<Record<ShowKind, ShowHandler>>;
  readonly describe?: Partial<Record<Describe["objectKind"], Handler<Describe>>>;
  /** What GET_DDL gives, by kind. */
  readonly ddl?: { readonly [K in CatalogObject["kind"]]?: DdlWriter<ObjectOf<K>> };
  /** By name as it is called, with dots: `SYSTEM$STREAM_HAS_DATA`, `SNOWFLAKE.ALERT.SCHEDULED_TIME`. */
  readonly functions?: Readonly<Record<string, SystemFunction>>;
  /** By name within INFORMATION_SCHEMA. */
  readonly tableFunctions?: Readonly<Record<string, InformationFunction>>;
  /** Table functions without a schema, by name. */
  readonly ownTableFunctions?: Readonly<Record<string, OwnTableFunction>>;
  /** Views of SNOWFLAKE.ACCOUNT_USAGE, by name. */
  readonly accountUsage?: Readonly<Record<string, UsageView>>;
  /** Functions that do something, by name. */
  readonly acting?: Readonly<Record<string, ActingFunction>>;
}

/** What queries and calls may name beyond SQL's own functions: the modules' parts, merged. */
export interface SystemFunctions {
  readonly functions: ReadonlyMap<string, SystemFunction>;
  readonly tableFunctions: ReadonlyMap<string, InformationFunction>;
  readonly ownTableFunctions: ReadonlyMap<string, OwnTableFunction>;
  readonly acting: ReadonlyMap<string, ActingFunction>;
  readonly ddl: ReadonlyMap<string, DdlWriter>;
  readonly accountUsage: ReadonlyMap<string, UsageView>;
  /**
   * A view of a database's INFORMATION_SCHEMA.
   *
   * @param counts row counts by storage id
   */
  informationView(
    name: string,
    context: StatementContext,
    database: Database,
    counts: ReadonlyMap<number, number>,
  ): SqlRelation;
}
