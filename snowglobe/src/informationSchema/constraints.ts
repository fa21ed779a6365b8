import type { Constraint, DynamicTable, Table } from "../catalog/objects";
import type { StatementContext } from "../execution/context";
import { constraintsOf, foreignKeysOf, type ForeignKey } from "../execution/foreignKeys";
import { inScope, type ListingScope } from "../execution/listing";
import { TEXT, TIMESTAMP } from "../execution/outcome";
import { viewOf, yes, place } from "./view";
import { type ShownColumn, databaseName, schemaName } from "../execution/shownColumn";

function tables(context: StatementContext, scope: ListingScope): (Table | DynamicTable)[] {
  return [...inScope(context, "TABLE", scope), ...inScope(context, "DYNAMIC TABLE", scope)];
}

interface OwnConstraint {
  readonly table: Table | DynamicTable;
  readonly constraint: Constraint;
}

const created = ({ table }: { readonly table: Table | DynamicTable }): number => table.createdOn;

const CONSTRAINT: readonly ShownColumn<OwnConstraint>[] = [
  ["CONSTRAINT_CATALOG", TEXT, ({ table }, context) => databaseName(table, context)],
  ["CONSTRAINT_SCHEMA", TEXT, ({ table }, context) => schemaName(table, context)],
  ["CONSTRAINT_NAME", TEXT, ({ constraint }) => constraint.name],
];

/** Source: "TABLE_CONSTRAINTS view". */
export const TABLE_CONSTRAINTS = viewOf<OwnConstraint>(
  (context, database) =>
    tables(context, { kind: "DATABASE", database }).flatMap((table) =>
      constraintsOf(table, context.instance.catalog).map((constraint) => ({ table, constraint })),
    ),
  [
    ...CONSTRAINT,
    ...place("TABLE", ({ table }: OwnConstraint) => table),
    ["CONSTRAINT_TYPE", TEXT, ({ constraint }) => constraint.kind],
    ["IS_DEFERRABLE", TEXT, () => "NO"],
    ["INITIALLY_DEFERRED", TEXT, () => "YES"],
    ["ENFORCED", TEXT, () => "NO"],
    ["COMMENT", TEXT],
    ["CREATED", TIMESTAMP, created],
    ["LAST_ALTERED", TIMESTAMP, created],
    ["RELY", TEXT, ({ constraint }) => yes(constraint.rely ?? false)],
  ],
);

/** Source: "REFERENTIAL_CONSTRAINTS view". */
export const REFERENTIAL_CONSTRAINTS = viewOf<ForeignKey>(
  (context, database) =>
    tables(context, { kind: "DATABASE", database }).flatMap((table) => foreignKeysOf(table, context.instance.catalog)),
  [
    ...CONSTRAINT,
    ["UNIQUE_CONSTRAINT_CATALOG", TEXT, ({ target }, context) => databaseName(target, context)],
    ["UNIQUE_CONSTRAINT_SCHEMA", TEXT, ({ target }, context) => schemaName(target, context)],
    ["UNIQUE_CONSTRAINT_NAME", TEXT, ({ key }) => key.name],
    ["MATCH_OPTION", TEXT, ({ rules }) => rules.match],
    ["UPDATE_RULE", TEXT, ({ rules }) => rules.onUpdate],
    ["DELETE_RULE", TEXT, ({ rules }) => rules.onDelete],
    ["COMMENT", TEXT],
    ["CREATED", TIMESTAMP, created],
    ["LAST_ALTERED", TIMESTAMP, created],
  ],
);
