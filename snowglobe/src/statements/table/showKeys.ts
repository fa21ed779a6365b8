import type { Constraint, DynamicTable, Table } from "../../catalog/objects";
import type { Show } from "../../sql/ast/statements/metadata";
import { StatementType } from "../../account/statementType";
import type { StatementContext } from "../../execution/context";
import { inScope, scopeOf, type ShowHandler } from "../../execution/listing";
import { foreignKeysOf, type ForeignKey } from "../../execution/foreignKeys";
import { findRelation } from "../../execution/lookup";
import { BOOLEAN, INTEGER, rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
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

const FOREIGN_COLUMNS: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["pk_database_name", TEXT],
  ["pk_schema_name", TEXT],
  ["pk_table_name", TEXT],
  ["pk_column_name", TEXT],
  ["fk_database_name", TEXT],
  ["fk_schema_name", TEXT],
  ["fk_table_name", TEXT],
  ["fk_column_name", TEXT],
  ["key_sequence", INTEGER],
  ["update_rule", TEXT],
  ["delete_rule", TEXT],
  ["fk_name", TEXT],
  ["pk_name", TEXT],
  ["deferrability", TEXT],
  ["rely", BOOLEAN],
  ["comment", TEXT],
];

/** Foreign keys of the tables in the scope. Source: "SHOW IMPORTED KEYS". */
export const showImportedKeys: ShowHandler = async (statement, context) => {
  const { catalog } = context.instance;
  const keys = tablesOf(statement, context).flatMap((table) => foreignKeysOf(table, catalog));
  return rows(FOREIGN_COLUMNS, foreignCells(keys, context), StatementType.SHOW);
};

/** Foreign keys, wherever they are, that refer to the tables in the scope. Source: "SHOW EXPORTED KEYS". */
export const showExportedKeys: ShowHandler = async (statement, context) => {
  const { catalog } = context.instance;
  const targets = new Set(tablesOf(statement, context).map((table) => table.id));
  const keys = [...inScope(context, "TABLE", EVERYWHERE), ...inScope(context, "DYNAMIC TABLE", EVERYWHERE)]
    .flatMap((table) => foreignKeysOf(table, catalog))
    .filter(({ target }) => targets.has(target.id));
  return rows(FOREIGN_COLUMNS, foreignCells(keys, context), StatementType.SHOW);
};

const EVERYWHERE = { kind: "ACCOUNT" } as const;

function foreignCells(keys: readonly ForeignKey[], { instance: { catalog } }: StatementContext): Cell[][] {
  return keys.flatMap(({ constraint, rules, table, target, key, targetColumns }) =>
    constraint.columns.map((column, at) => [
      table.createdOn,
      ...catalog.pathOf(target),
      targetColumns[at]!,
      ...catalog.pathOf(table),
      column,
      at + 1,
      rules.onUpdate,
      rules.onDelete,
      constraint.name,
      key.name,
      "NOT DEFERRABLE",
      constraint.rely ?? false,
      null,
    ]),
  );
}
