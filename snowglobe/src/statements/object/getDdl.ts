import { invalidArguments, invalidValue, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { find, findRelation, tryFind } from "../../execution/lookup";
import { parseObjectName, parseStatement } from "../../sql";
import { VARCHAR } from "../../sql/ast/dataType";
import type { ObjectKind } from "../../sql/ast/statements/common";
import type { CatalogObject } from "../../catalog/objects";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";
import { targets } from "../access/grant";
import { objectDdl } from "../container/containerDdl";

/** Types that GET_DDL takes, each by the kind that it means. */
const TYPES: Readonly<Record<string, ObjectKind>> = {
  ALERT: "ALERT",
  DATABASE: "DATABASE",
  DYNAMIC_TABLE: "DYNAMIC TABLE",
  FILE_FORMAT: "FILE FORMAT",
  FUNCTION: "FUNCTION",
  INTEGRATION: "NOTIFICATION INTEGRATION",
  PROCEDURE: "PROCEDURE",
  SCHEMA: "SCHEMA",
  SEQUENCE: "SEQUENCE",
  STAGE: "STAGE",
  STREAM: "STREAM",
  TABLE: "TABLE",
  TAG: "TAG",
  TASK: "TASK",
  VIEW: "VIEW",
  WAREHOUSE: "WAREHOUSE",
};

/** Types of objects that there are not here. */
const NOT_PROVIDED: ReadonlySet<string> = new Set([
  ...["CORTEX_AGENT", "CORTEX_SEARCH_SERVICE", "CONTACT", "DATA_MOVEMENT_RULE", "EVENT_TABLE", "FAILOVER_GROUP"],
  ...["ICEBERG_TABLE", "PIPE", "REPLICATION_GROUP", "SEMANTIC_VIEW", "TYPE"],
]);

/** GET_DDL('type', 'name' [, with full names]). Source: "GET_DDL". */
export function getDdl(args: readonly ArgumentText[], context: StatementContext): ScalarFunction {
  if (args.length < 2 || args.length > 3) {
    throw invalidArguments(
      "GET_DDL",
      args.map(({ type }) => type.kind),
    );
  }
  const [type, name, full] = args.map(({ constant }) => {
    if (constant === undefined) throw unsupported("GET_DDL of a value that is no constant");
    return constant;
  });
  // NULL for any argument is NULL.
  if (type === null || name === null || full === null) {
    return { kind: "expression", sql: "CAST(NULL AS VARCHAR)", type: VARCHAR, volatility: "session" };
  }
  const isFull = full !== undefined && full.toLowerCase() === "true";
  const object = objectNamed(type!, name!, context);
  return { kind: "text", value: objectDdl(object, isFull, context) };
}

/** @throws SnowflakeError for a type that there is not, and for an object that is not there or not to be seen */
function objectNamed(type: string, text: string, context: StatementContext): CatalogObject {
  const word = type.toUpperCase().replaceAll(" ", "_");
  if (word === "POLICY") return policyNamed(text, context);
  const objectKind = TYPES[word];
  if (!objectKind) {
    if (NOT_PROVIDED.has(word)) throw unsupported(`GET_DDL of a ${word}`);
    throw invalidValue(type, "object_type");
  }
  // A name as it stands behind the kind in a statement, with the types of arguments where it has some.
  const described = parseStatement(`DESCRIBE ${objectKind} ${text}`);
  if (described.kind !== "describe") throw invalidValue(text, "object_name");
  const { name, argumentTypes } = described;
  // TABLE and VIEW are interchangeable, and a dynamic table is a table.
  if (objectKind === "TABLE" || objectKind === "VIEW") return findRelation(context, name, "GET_DDL");
  return targets({ kind: "object", objectKind, name, ...(argumentTypes && { argumentTypes }) }, context)[0]!;
}

/** Policies of all kinds share one word. */
function policyNamed(text: string, context: StatementContext): CatalogObject {
  const name = parseObjectName(text);
  return tryFind(context, "ROW ACCESS POLICY", name, "GET_DDL") ?? find(context, "MASKING POLICY", name, "GET_DDL");
}
