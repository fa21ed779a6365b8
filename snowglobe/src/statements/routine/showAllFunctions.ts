import type { UserFunction } from "../../catalog/objects";
import { StatementType } from "../../account/statementType";
import { inScope, scopeOf, selected, type ShowHandler } from "../../execution/listing";
import { INTEGER, TEXT } from "../../execution/outcome";
import { flag, shown, type ShownColumn } from "../../execution/shownColumn";
import { builtInFunctions, type FunctionDefinition } from "../../translate";
import { FUNCTION_COLUMNS } from "./showRoutines";

interface BuiltIn {
  readonly name: string;
  readonly definition?: FunctionDefinition;
  readonly table?: boolean;
}

type Listed = BuiltIn | UserFunction;

/** What built-in functions show where it is not what users' own show. Their types of arguments are left open: NULL. */
const OF_BUILT_IN: Readonly<Record<string, (builtIn: BuiltIn) => string | number | null | undefined>> = {
  name: ({ name }) => name,
  is_builtin: () => "Y",
  is_aggregate: ({ definition }) => flag(definition?.kind === "aggregate"),
  is_ansi: () => "N",
  min_num_arguments: ({ definition }) => definition?.min,
  max_num_arguments: ({ definition }) => definition && Math.min(definition.max, MOST_ARGUMENTS),
  is_table_function: ({ table }) => flag(table ?? false),
  valid_for_clustering: () => "N",
  is_secure: () => "N",
  is_external_function: () => "N",
  language: () => "SQL",
  is_memoizable: () => "N",
  is_data_metric: () => "N",
};

/** What is shown of a function that takes any number of arguments. */
const MOST_ARGUMENTS = 2_147_483_647;

const COLUMNS: readonly ShownColumn<Listed>[] = FUNCTION_COLUMNS.map(([name, type, value]): ShownColumn<Listed> => [
  name,
  name.endsWith("_arguments") ? INTEGER : name === "created_on" ? type : TEXT,
  (listed, context) => ("kind" in listed ? value?.(listed, context) : OF_BUILT_IN[name]?.(listed)),
]);

/** The user's functions in the scope, and the built-in ones. Source: "SHOW FUNCTIONS". */
export const showAllFunctions: ShowHandler = async (statement, context) => {
  const { functions, tableFunctions, ownTableFunctions } = context.instance.functions;
  const builtIn: BuiltIn[] = [
    ...[...builtInFunctions()].map(([name, definition]) => ({ name, definition })),
    ...[...functions.keys()].filter((name) => !name.includes(".")).map((name) => ({ name })),
    ...[...tableFunctions.keys(), ...ownTableFunctions.keys()].map((name) => ({ name, table: true })),
  ];
  const own = inScope(context, "FUNCTION", scopeOf(statement, context, "FUNCTION"));
  return shown(COLUMNS, selected<Listed>(statement, [...builtIn, ...own]), context, StatementType.SHOW);
};
