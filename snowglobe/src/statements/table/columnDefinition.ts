import type { Column } from "../../catalog/objects";
import { compilationError, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { printExpression } from "../../sql";
import { dataTypeText, type DataType } from "../../sql/ast/dataType";
import type { Expression } from "../../sql/ast/expression";
import type { ColumnDefinition } from "../../sql/ast/statements/table";

/** A column of CREATE TABLE or ADD COLUMN. */
export function columnOf(
  definition: ColumnDefinition,
  number: number,
  type: DataType,
  context: StatementContext,
): Column {
  if (definition.collation) throw unsupported("COLLATE");
  const { identity } = definition;
  if (identity && (type.kind !== "NUMBER" || type.scale !== 0)) {
    throw compilationError(`Identity column type must be a whole number, not ${dataTypeText(type)}`, "002023", "22000");
  }
  if (identity?.increment === 0) throw compilationError("Identity increment must not be 0.", "001076", "22023");
  return {
    name: definition.name.name,
    type,
    nullable: !definition.notNull && !definition.constraints.some((one) => one.kind === "primaryKey"),
    comment: definition.comment ?? "",
    defaultText: definition.default && printExpression(withFullSequence(definition.default, context)),
    ...(identity && {
      identity: {
        sequenceId: context.instance.ids.next(),
        start: identity.start,
        increment: identity.increment,
        ordered: identity.ordered ?? false,
      },
    }),
    physical: `c${number}`,
  };
}

/** `<sequence>.NEXTVAL` as a default means the same sequence from wherever rows are inserted. */
function withFullSequence(expression: Expression, context: StatementContext): Expression {
  if (expression.kind !== "column" || expression.parts.length < 2 || expression.parts.at(-1)!.name !== "NEXTVAL") {
    return expression;
  }
  const sequence = find(context, "SEQUENCE", expression.parts.slice(0, -1), "CREATE TABLE");
  const { span } = expression;
  const path = context.instance.catalog.pathOf(sequence).map((name) => ({ name, quoted: true, span }));
  return { ...expression, parts: [...path, expression.parts.at(-1)!] };
}
