import type { Constraint, DynamicTable, Table } from "../../catalog/objects";
import type { Show } from "../../sql/ast/statements/metadata";
import { StatementType } from "../../account/statementType";
import type { StatementContext } from "../../execution/context";
import { inScope, scopeOf, type ShowHandler } from "../../execution/listing";
import { findRelation } from "../../execution/lookup";
import { BOOLEAN, INTEGER, rows, TEXT, TIMESTAMP, type ColumnSpec } from "../../execution/outcome";
import { derivedKeyOf } from "../../refresh/knownKey";

const COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["table_name", TEXT],
  ["column_name", TEXT],
  ["key_sequence", INTEGER],
  ["constraint_name", TEXT],
  ["rely", BOOLEAN],
  ["comment", TEXT],
];

/** Source: "SHOW PRIMARY KEYS". */
export const showPrimaryKeys = showKeys((table) => keysOf(table, "PRIMARY KEY"));

/** The declared unique keys, and those that follow from a dynamic table's query. Source: "SHOW UNIQUE KEYS". */
export const showUniqueKeys = showKeys((table, context) => {
  const declared = keysOf(table, "UNIQUE");
  const derived = table.kind === "DYNAMIC TABLE" ? derivedKeyOf(table, context.instance) : undefined;
  if (!derived) return declared;
  return [...declared, { kind: "UNIQUE", name: `SYS_DERIVED_${table.id}`, columns: derived, rely: true }];
});

function keysOf(table: Table | DynamicTable, kind: Constraint["kind"]): readonly Constraint[] {
  return (table.constraints ?? []).filter((one) => one.kind === kind);
}

type KeysOf = (table: Table | DynamicTable, context: StatementContext) => readonly Constraint[];

function showKeys(keys: KeysOf): ShowHandler {
  return async (statement, context) => {
    const { catalog } = context.instance;
    const cells = tablesOf(statement, context).flatMap((table) => {
      const [database, schema] = catalog.pathOf(table);
      return keys(table, context).flatMap(({ columns, name, rely }) =>
        columns.map((column, at) => [
          table.createdOn,
          database,
          schema,
          table.name,
          column,
          at + 1,
          name,
          rely ?? false,
          null,
        ]),
      );
    });
    return rows(COLUMNS, cells, StatementType.SHOW);
  };
}

/** IN [TABLE] name, or the tables of a schema, database or the account. */
function tablesOf(statement: Show, context: StatementContext): (Table | DynamicTable)[] {
  const { scope } = statement;
  const isTable = scope?.objectKind === "TABLE" || scope?.objectKind === "DYNAMIC TABLE";
  if (scope?.name && (isTable || scope.objectKind === undefined)) {
    const found = findRelation(context, scope.name, "SHOW");
    return found.kind === "VIEW" ? [] : [found];
  }
  const within = scopeOf(statement, context, "TABLE");
  return [...inScope(context, "TABLE", within), ...inScope(context, "DYNAMIC TABLE", within)];
}
