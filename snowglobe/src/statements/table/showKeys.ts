import type { Constraint, DynamicTable, Table } from "../../catalog/objects";
import type { Show } from "../../sql/ast/statements/metadata";
import { StatementType } from "../../account/statementType";
import type { StatementContext } from "../../execution/context";
import { inScope, scopeOf, type ShowHandler } from "../../execution/listing";
import { findRelation } from "../../execution/lookup";
import { BOOLEAN, INTEGER, TEXT, TIMESTAMP, type Outcome } from "../../execution/outcome";
import { derivedKeyOf } from "../../refresh/knownKey";
import { type ShownColumn, shown, databaseName, schemaName } from "../../execution/shownColumn";
import { type ForeignKey, foreignKeysOf } from "../../execution/foreignKeys";

/** One column of a key. */
interface KeyColumn {
  readonly table: Table | DynamicTable;
  readonly key: Constraint;
  readonly column: string;
  /** From 1. */
  readonly place: number;
}

const COLUMNS: readonly ShownColumn<KeyColumn>[] = [
  ["created_on", TIMESTAMP, ({ table }) => table.createdOn],
  ["database_name", TEXT, ({ table }, context) => databaseName(table, context)],
  ["schema_name", TEXT, ({ table }, context) => schemaName(table, context)],
  ["table_name", TEXT, ({ table }) => table.name],
  ["column_name", TEXT, ({ column }) => column],
  ["key_sequence", INTEGER, ({ place }) => place],
  ["constraint_name", TEXT, ({ key }) => key.name],
  ["rely", BOOLEAN, ({ key }) => key.rely ?? false],
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
    const found = tablesOf(statement, context).flatMap((table) =>
      keys(table, context).flatMap((key) =>
        key.columns.map((column, at): KeyColumn => ({ table, key, column, place: at + 1 })),
      ),
    );
    return shown(COLUMNS, found, context, StatementType.SHOW);
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

/** One column of a foreign key. */
interface ForeignKeyColumn extends ForeignKey {
  readonly at: number;
}

const FOREIGN_COLUMNS: readonly ShownColumn<ForeignKeyColumn>[] = [
  ["created_on", TIMESTAMP, ({ table }) => table.createdOn],
  ["pk_database_name", TEXT, ({ target }, context) => databaseName(target, context)],
  ["pk_schema_name", TEXT, ({ target }, context) => schemaName(target, context)],
  ["pk_table_name", TEXT, ({ target }) => target.name],
  ["pk_column_name", TEXT, ({ targetColumns, at }) => targetColumns[at]],
  ["fk_database_name", TEXT, ({ table }, context) => databaseName(table, context)],
  ["fk_schema_name", TEXT, ({ table }, context) => schemaName(table, context)],
  ["fk_table_name", TEXT, ({ table }) => table.name],
  ["fk_column_name", TEXT, ({ constraint, at }) => constraint.columns[at]],
  ["key_sequence", INTEGER, ({ at }) => at + 1],
  ["update_rule", TEXT, ({ rules }) => rules.onUpdate],
  ["delete_rule", TEXT, ({ rules }) => rules.onDelete],
  ["fk_name", TEXT, ({ constraint }) => constraint.name],
  ["pk_name", TEXT, ({ key }) => key.name],
  ["deferrability", TEXT, () => "NOT DEFERRABLE"],
  ["rely", BOOLEAN, ({ constraint }) => constraint.rely ?? false],
  ["comment", TEXT],
];

/** Foreign keys of the tables in the scope. Source: "SHOW IMPORTED KEYS". */
export const showImportedKeys: ShowHandler = async (statement, context) => {
  const { catalog } = context.instance;
  return foreignKeys(
    tablesOf(statement, context).flatMap((table) => foreignKeysOf(table, catalog)),
    context,
  );
};

/** Foreign keys, wherever they are, that refer to the tables in the scope. Source: "SHOW EXPORTED KEYS". */
export const showExportedKeys: ShowHandler = async (statement, context) => {
  const { catalog } = context.instance;
  const targets = new Set(tablesOf(statement, context).map((table) => table.id));
  const keys = [...inScope(context, "TABLE", EVERYWHERE), ...inScope(context, "DYNAMIC TABLE", EVERYWHERE)]
    .flatMap((table) => foreignKeysOf(table, catalog))
    .filter(({ target }) => targets.has(target.id));
  return foreignKeys(keys, context);
};

const EVERYWHERE = { kind: "ACCOUNT" } as const;

function foreignKeys(keys: readonly ForeignKey[], context: StatementContext): Outcome {
  const columns = keys.flatMap((key) => key.constraint.columns.map((_, at): ForeignKeyColumn => ({ ...key, at })));
  return shown(FOREIGN_COLUMNS, columns, context, StatementType.SHOW);
}
