import type { Procedure, UserFunction } from "../../catalog/objects";
import type { Handler, StatementContext } from "../../execution/context";
import { listing } from "../../execution/listing";
import { INTEGER, rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { findRoutine } from "../../execution/routines";
import { StatementType } from "../../account/statementType";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";

const COMMON: readonly ColumnSpec[] = [
  ["created_on", TIMESTAMP],
  ["name", TEXT],
  ["schema_name", TEXT],
  ["is_builtin", TEXT],
  ["is_aggregate", TEXT],
  ["is_ansi", TEXT],
  ["min_num_arguments", INTEGER],
  ["max_num_arguments", INTEGER],
  ["arguments", TEXT],
  ["description", TEXT],
  ["catalog_name", TEXT],
  ["is_table_function", TEXT],
  ["valid_for_clustering", TEXT],
  ["is_secure", TEXT],
  ["secrets", TEXT],
  ["external_access_integrations", TEXT],
];

const FUNCTION_COLUMNS: readonly ColumnSpec[] = [
  ...COMMON,
  ["is_external_function", TEXT],
  ["language", TEXT],
  ["is_memoizable", TEXT],
  ["is_data_metric", TEXT],
];

type Routine = UserFunction | Procedure;

function flag(yes: boolean): string {
  return yes ? "Y" : "N";
}

/** `TWICE(NUMBER) RETURN NUMBER`; arguments with a default are told. */
function argumentsText({ name, arguments: args, returns }: Routine): string {
  const types = args.map(({ type, defaultText }) => (defaultText === undefined ? type.kind : `DEFAULT ${type.kind}`));
  const result =
    returns.kind === "type"
      ? returns.type.kind
      : `TABLE (${returns.columns.map((column) => `${column.name} ${column.type.kind}`).join(", ")})`;
  return `${name}(${types.join(", ")}) RETURN ${result}`;
}

function commonCells(routine: Routine, context: StatementContext): Cell[] {
  const [database, schema] = context.instance.catalog.pathOf(routine);
  const needed = routine.arguments.filter((one) => one.defaultText === undefined).length;
  return [
    routine.createdOn,
    routine.name,
    schema,
    "N",
    "N",
    "N",
    needed,
    routine.arguments.length,
    argumentsText(routine),
    routine.comment === ""
      ? routine.kind === "FUNCTION"
        ? "user-defined function"
        : "user-defined procedure"
      : routine.comment,
    database,
    flag(routine.returns.kind === "table"),
    "N",
    flag(routine.secure),
    null,
    null,
  ];
}

/** Functions that users made. SHOW FUNCTIONS, which lists the built-in ones too, is refused. Source: "SHOW USER FUNCTIONS". */
export const showFunctions = listing("FUNCTION", FUNCTION_COLUMNS, (routine, context) => [
  ...commonCells(routine, context),
  "N",
  "SQL",
  flag(routine.memoizable),
  "N",
]);

/** Source: "SHOW PROCEDURES". */
export const showProcedures = listing("PROCEDURE", COMMON, commonCells);

/** Sources: "DESCRIBE FUNCTION", "DESCRIBE PROCEDURE". */
export const describeRoutine: Handler<StatementOf<"describe">> = async (statement, context) => {
  const kind = statement.objectKind === "FUNCTION" ? "FUNCTION" : "PROCEDURE";
  const routine = findRoutine(context, kind, statement.name, statement.argumentTypes ?? [], `DESCRIBE ${kind}`);
  const { returns } = routine;
  const result =
    returns.kind === "type"
      ? `${dataTypeText(returns.type)}${returns.notNull ? " NOT NULL" : ""}`
      : `TABLE (${returns.columns.map((column) => `${column.name} ${dataTypeText(column.type)}`).join(", ")})`;
  const properties: Cell[][] = [
    ["signature", `(${routine.arguments.map(({ name, type }) => `${name} ${type.kind}`).join(", ")})`],
    ["returns", result],
    ["language", "SQL"],
    ...("executeAs" in routine ? [["execute as", routine.executeAs]] : []),
    ["body", routine.body],
  ];
  return rows(
    [
      ["property", TEXT],
      ["value", TEXT],
    ],
    properties,
    StatementType.DESCRIBE,
  );
};
