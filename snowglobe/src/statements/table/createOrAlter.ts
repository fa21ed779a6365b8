import type { Column, RelationObject, Table } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { compilationError, unsupported, wrongKind } from "../../errors";
import { requireOwnership } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { cannotToggleTransient } from "../../execution/create";
import { status, type Outcome } from "../../execution/outcome";
import { dataTypeText } from "../../sql/ast/dataType";
import type { Identifier } from "../../sql/ast/identifier";
import type { StatementOf } from "../../sql/ast/statement";
import type { AlterTableAction, ColumnChange, ColumnDefinition } from "../../sql/ast/statements/table";
import { printExpression } from "../../sql";
import { alterTable } from "./alterTable";
import { columnConstraints } from "./constraints";
import { referredTable } from "./foreignKeys";
import { quoteIfNeeded } from "../../quoting";

/**
 * CREATE OR ALTER of a table that exists: the changes of ALTER TABLE that lead to the table of the statement, all or none.
 * Columns keep their order, and new ones come last. Source: "CREATE TABLE", CREATE OR ALTER TABLE
 */
export async function alterToTable(
  statement: StatementOf<"createTable">,
  existing: RelationObject,
  context: StatementContext,
): Promise<Outcome> {
  if (existing.kind !== "TABLE") throw wrongKind(existing.kind, "TABLE");
  requireOwnership(context, existing);
  if (statement.source) throw unsupported("CREATE OR ALTER TABLE ... AS, LIKE or CLONE of a table that exists");
  if (statement.tags.length > 0 || statement.rowAccessPolicy) {
    throw compilationError("CREATE OR ALTER does not support setting policies or tags", "001506", "0A000");
  }
  if (statement.copyGrants) throw compilationError("CREATE OR ALTER takes no COPY GRANTS.");
  if (existing.transient !== (statement.persistence === "TRANSIENT")) throw cannotToggleTransient(existing.name);
  const actions = [
    ...columnActions(statement, existing),
    ...constraintActions(statement, existing, context),
    ...propertyActions(statement, existing),
  ];
  if (actions.length > 0) {
    const { name, span } = statement;
    await alterTable({ kind: "alterTable", name, ifExists: false, actions, span }, context);
  }
  return status(`Table ${quoteIfNeeded(existing.name)} successfully created.`);
}

function columnActions(statement: StatementOf<"createTable">, existing: Table): AlterTableAction[] {
  const places = new Map(existing.columns.map((column, place) => [column.name, place]));
  const added: ColumnDefinition[] = [];
  const changes: AlterTableAction[] = [];
  let last = -1;
  for (const definition of statement.columns) {
    const { name } = definition.name;
    const place = places.get(name);
    if (place === undefined) {
      // Its constraints are among those of the table, see constraintActions.
      const inKey = definition.constraints.some((one) => one.kind === "primaryKey");
      added.push({ ...definition, notNull: definition.notNull || inKey, constraints: [] });
      continue;
    }
    if (added.length > 0 || place < last) {
      throw compilationError(
        `Columns of table '${existing.name}' keep their order, and new ones come last: '${name}' does not.`,
        "002830",
        "0A000",
      );
    }
    last = place;
    changes.push(
      ...changesOf(definition, existing.columns[place]!, statement).map((change) => ({
        action: "alterColumn" as const,
        column: definition.name,
        change,
      })),
    );
  }
  const kept = new Set(statement.columns.map((column) => column.name.name));
  const dropped = existing.columns.filter((column) => !kept.has(column.name));
  if (dropped.length === existing.columns.length) {
    throw compilationError(`All columns of table '${existing.name}' would be dropped.`, "001432", "0A000");
  }
  const { span } = statement;
  const names = dropped.map(({ name }): Identifier => ({ name, quoted: true, span }));
  return [
    ...changes,
    ...(names.length > 0 ? [{ action: "dropColumns" as const, ifExists: false, names }] : []),
    ...(added.length > 0 ? [{ action: "addColumns" as const, ifNotExists: false, columns: added }] : []),
  ];
}

/** What is not said of a column has its default: it takes NULL, and has no default and no comment. */
function changesOf(wanted: ColumnDefinition, column: Column, statement: StatementOf<"createTable">): ColumnChange[] {
  const inKey =
    wanted.constraints.some((one) => one.kind === "primaryKey") ||
    statement.constraints.some(
      (one) => one.kind === "primaryKey" && one.columns.some((name) => name.name === column.name),
    );
  const nullable = !wanted.notNull && !inKey;
  const changes: ColumnChange[] = [];
  if (dataTypeText(wanted.type!) !== dataTypeText(column.type)) changes.push({ kind: "setType", type: wanted.type! });
  if (nullable !== column.nullable) changes.push({ kind: nullable ? "dropNotNull" : "setNotNull" });
  const text = wanted.default && printExpression(wanted.default);
  if (text !== column.defaultText) {
    changes.push(wanted.default ? { kind: "setDefault", expression: wanted.default } : { kind: "dropDefault" });
  }
  if ((wanted.comment ?? "") !== column.comment) changes.push({ kind: "comment", comment: wanted.comment ?? "" });
  return changes;
}

/** Keys are told apart by what they are, whatever the names that the system gave them. */
function constraintActions(
  statement: StatementOf<"createTable">,
  existing: Table,
  context: StatementContext,
): AlterTableAction[] {
  const { span } = statement;
  const words = { "PRIMARY KEY": "primaryKey", UNIQUE: "unique", "FOREIGN KEY": "foreignKey" } as const;
  const before = (existing.constraints ?? []).map(({ kind, columns, rely, references, name }) => ({
    name,
    text: JSON.stringify([words[kind], columns, rely ?? false, references?.tableId ?? null]),
  }));
  const declared = [...columnConstraints(statement.columns), ...statement.constraints].map((constraint) => {
    const { kind, references, options } = constraint;
    const columns = constraint.columns.map((column) => column.name);
    const target = references && referredTable(references.table, existing, context);
    return { constraint, text: JSON.stringify([kind, columns, options.includes("RELY"), target?.id ?? null]) };
  });
  return [
    ...before
      .filter(({ text }) => !declared.some((one) => one.text === text))
      .map(({ name }) => ({
        action: "dropConstraint" as const,
        constraint: { kind: "name" as const, name: { name, quoted: true, span } },
      })),
    ...declared
      .filter(({ text }) => !before.some((one) => one.text === text))
      .map(({ constraint }) => ({ action: "addConstraint" as const, constraint })),
  ];
}

function propertyActions({ properties }: StatementOf<"createTable">, existing: Table): AlterTableAction[] {
  const given = new Set(properties.map((property) => property.name));
  const unset = Object.keys(existing.parameters).filter((name) => parameterDefinition(name) && !given.has(name));
  if (existing.comment !== "" && !given.has("COMMENT")) unset.push("COMMENT");
  return [
    ...(unset.length > 0 ? [{ action: "unset" as const, names: unset }] : []),
    ...(properties.length > 0 ? [{ action: "set" as const, properties }] : []),
  ];
}
