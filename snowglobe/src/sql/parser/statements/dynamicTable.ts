import { compilationError, unsupported } from "../../../errors";
import type { ObjectName } from "../../ast/identifier";
import type { AlterDynamicTable, CreateDynamicTable, ExecuteAsUser } from "../../ast/statements/dynamicTable";
import type { EmbeddedExpression } from "../../ast/statements/task";
import { expectCommonAlterAction } from "../alterActions";
import {
  type CreateHeader,
  parseBodyQuery,
  parseClone,
  parseClusterBy,
  parseColumnLabels,
  parseCreateName,
  parseEmbeddedExpression,
  parseEmbeddedStatement,
  parseObjectClauses,
  parseTarget,
} from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseIdentifier, parseObjectName } from "../identifier";
import { parseTimeTravel } from "../timeTravel";
import { parseAlterColumns } from "./table";

/** Source: "CREATE DYNAMIC TABLE". */
export function parseCreateDynamicTable(cursor: TokenCursor, header: CreateHeader): CreateDynamicTable {
  if (header.modifiers.has("TEMPORARY")) throw compilationError("Dynamic tables cannot be temporary.");
  const name = parseCreateName(cursor, header);
  if (cursor.is("FROM", "BACKUP")) throw unsupported("CREATE DYNAMIC TABLE ... FROM BACKUP SET");
  const columns = parseColumnLabels(cursor, true);
  const own: OwnClauses = { requireUser: false, copyTags: false };
  const clone = parseClone(cursor);
  if (clone) own.clone = clone;
  const clauses = parseObjectClauses(cursor, () => parseOwnClause(cursor, own));
  if (own.clone && own.refreshUsing) throw cursor.unexpected();
  const body = own.clone || own.refreshUsing ? undefined : parseBodyQuery(cursor);
  if (own.refreshUsing && cursor.is("AS")) throw cursor.unexpected();
  const span = cursor.spanFrom(header.first);
  return {
    kind: "createDynamicTable",
    ...name,
    transient: header.modifiers.has("TRANSIENT"),
    columns,
    ...clauses,
    ...own,
    ...body,
    text: cursor.slice(span),
    span,
  };
}

type OwnClauses = {
  -readonly [K in keyof OwnParts]: OwnParts[K];
};
type OwnParts = Pick<
  CreateDynamicTable,
  "requireUser" | "copyTags" | "clone" | "frozenWhere" | "backfillFrom" | "startAt" | "executeAs" | "refreshUsing"
>;

/** Reads a clause that only dynamic tables have; false when none stands here. */
function parseOwnClause(cursor: TokenCursor, own: OwnClauses): boolean {
  if (atFrozenWhere(cursor)) {
    if (own.frozenWhere) throw cursor.unexpected();
    own.frozenWhere = parseFrozenWhere(cursor);
  } else if (cursor.accept("REQUIRE", "USER")) own.requireUser = true;
  else if (cursor.is("INSERT", "ONLY", "INPUTS")) throw unsupported("INSERT ONLY INPUTS");
  else if (cursor.accept("COPY", "TAGS")) own.copyTags = true;
  else if (cursor.is("EXECUTE", "AS")) own.executeAs = parseExecuteAs(cursor);
  else if (cursor.accept("BACKFILL", "FROM")) {
    const name = parseObjectName(cursor);
    const timeTravel = parseTimeTravel(cursor);
    own.backfillFrom = { name, ...(timeTravel && { timeTravel }) };
  } else if (cursor.is("START", "AT", "(")) {
    cursor.index++;
    own.startAt = parseTimeTravel(cursor);
  } else if (cursor.is("REFRESH", "USING")) {
    if (own.refreshUsing) throw cursor.unexpected();
    cursor.index += 2;
    cursor.expect("(");
    own.refreshUsing = parseEmbeddedStatement(cursor);
    cursor.expect(")");
  } else if (!own.clone && cursor.is("CLONE")) own.clone = parseClone(cursor);
  else return false;
  return true;
}

function atFrozenWhere(cursor: TokenCursor): boolean {
  return cursor.is("IMMUTABLE", "WHERE") || cursor.is("FROZEN", "WHERE");
}

function parseFrozenWhere(cursor: TokenCursor): EmbeddedExpression {
  cursor.index += 2;
  cursor.expect("(");
  const condition = parseEmbeddedExpression(cursor);
  cursor.expect(")");
  return condition;
}

function parseExecuteAs(cursor: TokenCursor): ExecuteAsUser {
  cursor.expect("EXECUTE", "AS", "USER");
  const user = parseIdentifier(cursor);
  if (!cursor.accept("USE", "SECONDARY", "ROLES")) return { user };
  if (cursor.accept("ALL")) return { user, secondaryRoles: "ALL" };
  if (cursor.accept("NONE")) return { user, secondaryRoles: "NONE" };
  return { user, secondaryRoles: cursor.list(() => parseIdentifier(cursor)) };
}

/** Source: "ALTER DYNAMIC TABLE". */
export function parseAlterDynamicTable(cursor: TokenCursor, first: number): AlterDynamicTable {
  const target = parseTarget(cursor);
  const others: ObjectName[] = [];
  while (cursor.accept(",")) others.push(parseObjectName(cursor));
  if (others.length > 0 && !cursor.is("REFRESH")) throw cursor.unexpected();
  const action = parseAction(cursor, others);
  return { kind: "alterDynamicTable", ...target, action, span: cursor.spanFrom(first) };
}

function parseAction(cursor: TokenCursor, others: readonly ObjectName[]): AlterDynamicTable["action"] {
  if (cursor.accept("SUSPEND", "RECLUSTER")) return { action: "suspendRecluster" };
  if (cursor.accept("RESUME", "RECLUSTER")) return { action: "resumeRecluster" };
  if (cursor.accept("SUSPEND")) return { action: "suspend" };
  if (cursor.accept("RESUME")) return { action: "resume" };
  if (cursor.is("REFRESH")) {
    cursor.index++;
    return { action: "refresh", others, copySession: cursor.accept("COPY", "SESSION") };
  }
  if (cursor.is("ALTER") || cursor.is("MODIFY")) return { action: "alterColumns", columns: parseAlterColumns(cursor) };
  refuseFeatures(cursor);
  if (cursor.accept("SWAP", "WITH")) return { action: "swapWith", name: parseObjectName(cursor) };
  if (cursor.is("CLUSTER", "BY")) return { action: "clusterBy", expressions: parseClusterBy(cursor) };
  if (cursor.accept("DROP", "CLUSTERING", "KEY")) return { action: "dropClusteringKey" };
  if (cursor.is("SET", "IMMUTABLE") || cursor.is("SET", "FROZEN")) {
    cursor.index++;
    if (!atFrozenWhere(cursor)) throw cursor.unexpected(1);
    return { action: "setFrozenWhere", condition: parseFrozenWhere(cursor) };
  }
  if (cursor.accept("UNSET", "IMMUTABLE") || cursor.accept("UNSET", "FROZEN")) {
    cursor.accept("WHERE");
    return { action: "unsetFrozenWhere" };
  }
  if (cursor.is("SET", "EXECUTE", "AS")) {
    cursor.index++;
    return { action: "setExecuteAs", executeAs: parseExecuteAs(cursor) };
  }
  if (cursor.accept("UNSET", "EXECUTE", "AS", "USER")) return { action: "unsetExecuteAs" };
  return expectCommonAlterAction(cursor);
}

/** Documented changes that are refused by name. Source: "ALTER DYNAMIC TABLE". */
function refuseFeatures(cursor: TokenCursor): void {
  if (!["SET", "UNSET", "ADD", "DROP"].includes(cursor.value)) return;
  const next = cursor.valueAhead(1);
  const features: Readonly<Record<string, string>> = {
    CONTACT: "CONTACT",
    DCM: "DCM PROJECT",
    SEARCH: "SEARCH OPTIMIZATION",
    ROW: "ROW ACCESS POLICY",
    STORAGE: "STORAGE LIFECYCLE POLICY",
    AGGREGATION: "AGGREGATION POLICY",
    DATA: "DATA METRIC FUNCTION",
  };
  const feature = features[next];
  if (feature !== undefined) throw unsupported(`ALTER DYNAMIC TABLE ... ${cursor.value} ${feature}`);
}
