import type { Procedure, UserFunction } from "../../catalog/objects";
import type { Handler } from "../../execution/context";
import { listing } from "../../execution/listing";
import { INTEGER, rows, TEXT, type Cell } from "../../execution/outcome";
import { findRoutine } from "../../execution/routines";
import { StatementType } from "../../account/statementType";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import { type ShownColumn, CREATED_ON, NAME, SCHEMA_NAME, flag, databaseName } from "../../execution/shownColumn";

const COMMON: readonly ShownColumn<Routine>[] = [
  CREATED_ON,
  NAME,
  SCHEMA_NAME,
  ["is_builtin", TEXT, () => "N"],
  ["is_aggregate", TEXT, () => "N"],
  ["is_ansi", TEXT, () => "N"],
  ["min_num_arguments", INTEGER, (routine) => routine.arguments.filter((one) => one.defaultText === undefined).length],
  ["max_num_arguments", INTEGER, (routine) => routine.arguments.length],
  ["arguments", TEXT, argumentsText],
  ["description", TEXT, descriptionText],
  ["catalog_name", TEXT, databaseName],
  ["is_table_function", TEXT, (routine) => flag(routine.returns.kind === "table")],
  ["valid_for_clustering", TEXT, () => "N"],
  ["is_secure", TEXT, (routine) => flag(routine.secure)],
  ["secrets", TEXT],
  ["external_access_integrations", TEXT],
];

export const FUNCTION_COLUMNS: readonly ShownColumn<UserFunction>[] = [
  ...COMMON,
  ["is_external_function", TEXT, () => "N"],
  ["language", TEXT, ({ language }) => language ?? "SQL"],
  ["is_memoizable", TEXT, (routine) => flag(routine.memoizable)],
  ["is_data_metric", TEXT, () => "N"],
];

type Routine = UserFunction | Procedure;

/** `TWICE(NUMBER) RETURN NUMBER`; arguments with a default are told. */
function argumentsText({ name, arguments: args, returns }: Routine): string {
  const types = args.map(({ type, out, defaultText }) =>
    [out && "OUT", defaultText !== undefined && "DEFAULT", type.kind].filter(Boolean).join(" "),
  );
  const result =
    returns.kind === "type"
      ? returns.type.kind
      : `TABLE (${returns.columns.map((column) => `${column.name} ${column.type.kind}`).join(", ")})`;
  return `${name}(${types.join(", ")}) RETURN ${result}`;
}

function descriptionText({ kind, comment }: Routine): string {
  if (comment !== "") return comment;
  return kind === "FUNCTION" ? "user-defined function" : "user-defined procedure";
}

/** Functions that users made. Source: "SHOW USER FUNCTIONS". */
export const showFunctions = listing("FUNCTION", FUNCTION_COLUMNS);

/** Source: "SHOW PROCEDURES". */
export const showProcedures = listing("PROCEDURE", COMMON);

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
    ["language", routine.language ?? "SQL"],
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
