import { compilationError, unsupported } from "../../../errors";
import type { Expression } from "../../ast/expression";
import type { ObjectName } from "../../ast/identifier";
import type { AlterDynamicTable, CreateDynamicTable } from "../../ast/statements/dynamicTable";
import { expectCommonAlterAction } from "../alterActions";
import {
  type CreateHeader,
  parseBodyQuery,
  parseClone,
  parseClusterBy,
  parseColumnLabels,
  parseCreateName,
  parseObjectClauses,
  parseTarget,
} from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";
import { parseAlterColumns } from "./table";

/** Source: "CREATE DYNAMIC TABLE". */
export function parseCreateDynamicTable(cursor: TokenCursor, header: CreateHeader): CreateDynamicTable {
  if (header.modifiers.has("TEMPORARY")) throw compilationError("Dynamic tables cannot be temporary.");
  const name = parseCreateName(cursor, header);
  const columns = parseColumnLabels(cursor, true);
  let clone = parseClone(cursor);
  let immutableWhere: Expression | undefined;
  let requireUser = false;
  const parseOwn = (): boolean => {
    if (atImmutableWhere(cursor)) {
      immutableWhere = parseImmutableWhere(cursor);
      return true;
    }
    if (cursor.accept("REQUIRE", "USER")) {
      requireUser = true;
      return true;
    }
    if (cursor.is("EXECUTE", "AS")) throw unsupported("CREATE DYNAMIC TABLE ... EXECUTE AS USER");
    if (cursor.is("REFRESH", "USING")) throw unsupported("CREATE DYNAMIC TABLE ... REFRESH USING");
    if (cursor.is("BACKFILL", "FROM")) throw unsupported("CREATE DYNAMIC TABLE ... BACKFILL FROM");
    if (clone || !cursor.is("CLONE")) return false;
    clone = parseClone(cursor);
    return true;
  };
  const clauses = parseObjectClauses(cursor, parseOwn);
  const body = clone ? undefined : parseBodyQuery(cursor);
  const span = cursor.spanFrom(header.first);
  return {
    kind: "createDynamicTable",
    ...name,
    transient: header.modifiers.has("TRANSIENT"),
    columns,
    requireUser,
    ...clauses,
    ...(immutableWhere && { immutableWhere }),
    ...body,
    ...(clone && { clone }),
    text: cursor.slice(span),
    span,
  };
}

function atImmutableWhere(cursor: TokenCursor): boolean {
  return cursor.is("IMMUTABLE", "WHERE") || cursor.is("FROZEN", "WHERE");
}

function parseImmutableWhere(cursor: TokenCursor): Expression {
  cursor.index += 2;
  cursor.expect("(");
  const condition = cursor.grammar.expression(cursor);
  cursor.expect(")");
  return condition;
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
    if (cursor.is("COPY", "SESSION")) throw unsupported("ALTER DYNAMIC TABLE ... REFRESH COPY SESSION");
    return { action: "refresh", others };
  }
  if (cursor.is("ALTER") || cursor.is("MODIFY")) return { action: "alterColumns", columns: parseAlterColumns(cursor) };
  refuseFeatures(cursor);
  if (cursor.accept("SWAP", "WITH")) return { action: "swapWith", name: parseObjectName(cursor) };
  if (cursor.is("CLUSTER", "BY")) return { action: "clusterBy", expressions: parseClusterBy(cursor) };
  if (cursor.accept("DROP", "CLUSTERING", "KEY")) return { action: "dropClusteringKey" };
  if (cursor.is("SET", "IMMUTABLE") || cursor.is("SET", "FROZEN")) {
    cursor.index++;
    if (!atImmutableWhere(cursor)) throw cursor.unexpected(1);
    return { action: "setImmutableWhere", condition: parseImmutableWhere(cursor) };
  }
  if (cursor.accept("UNSET", "IMMUTABLE") || cursor.accept("UNSET", "FROZEN")) {
    cursor.accept("WHERE");
    return { action: "unsetImmutableWhere" };
  }
  return expectCommonAlterAction(cursor);
}

/** Documented changes that are refused by name. Source: "ALTER DYNAMIC TABLE". */
function refuseFeatures(cursor: TokenCursor): void {
  if (!["SET", "UNSET", "ADD", "DROP"].includes(cursor.value)) return;
  const next = cursor.valueAhead(1);
  const features: Readonly<Record<string, string>> = {
    EXECUTE: "EXECUTE AS USER",
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
