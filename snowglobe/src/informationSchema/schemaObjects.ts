import type {
  CatalogObject,
  FileFormat,
  Procedure,
  RoutineResult,
  Stage,
  UserFunction,
  ObjectOf,
} from "../catalog/objects";
import { owns } from "../execution/authorize";
import type { StatementContext } from "../execution/context";
import { completeFormat, formatType } from "../execution/fileFormatDefaults";
import { inScope } from "../execution/listing";
import { INTEGER, TEXT, TIMESTAMP, type Cell } from "../execution/outcome";
import { dataTypeText, type DataType } from "../sql/ast/dataType";
import { orNull, viewOf, yes, type InformationView, place } from "./view";
import { type ShownColumn, ownerRoleType } from "../execution/shownColumn";

/** Catalog, schema, name and owner, under the names of the kind. */
function named(prefix: string): ShownColumn<CatalogObject>[] {
  return [...place(prefix, (object: CatalogObject) => object), [`${prefix}_OWNER`, TEXT, ({ owner }) => owner]];
}

const TIMES: readonly ShownColumn<CatalogObject>[] = [
  ["CREATED", TIMESTAMP, ({ createdOn }) => createdOn],
  ["LAST_ALTERED", TIMESTAMP, ({ createdOn }) => createdOn],
];
const COMMENT: ShownColumn<CatalogObject> = ["COMMENT", TEXT, ({ comment }) => orNull(comment)];

function ofKind<K extends CatalogObject["kind"]>(
  kind: K,
  fields: readonly ShownColumn<ObjectOf<K>>[],
): InformationView {
  return viewOf((context, database) => inScope(context, kind, { kind: "DATABASE", database }), fields);
}

/** A file format's option as text; what its type does not have is NULL. */
const option =
  (name: string) =>
  ({ options }: FileFormat): Cell => {
    const value = completeFormat(options)[name];
    return value === undefined ? null : Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
  };

/** Source: "FILE_FORMATS view". */
export const FILE_FORMATS = ofKind("FILE FORMAT", [
  ...named("FILE_FORMAT"),
  ["FILE_FORMAT_TYPE", TEXT, ({ options }) => formatType(options)],
  ["RECORD_DELIMITER", TEXT, option("RECORD_DELIMITER")],
  ["FIELD_DELIMITER", TEXT, option("FIELD_DELIMITER")],
  ["SKIP_HEADER", INTEGER, option("SKIP_HEADER")],
  ...[
    ...["DATE_FORMAT", "TIME_FORMAT", "TIMESTAMP_FORMAT", "BINARY_FORMAT", "ESCAPE", "ESCAPE_UNENCLOSED_FIELD"],
    ...["TRIM_SPACE", "FIELD_OPTIONALLY_ENCLOSED_BY", "NULL_IF", "COMPRESSION", "ERROR_ON_COLUMN_COUNT_MISMATCH"],
  ].map((name): ShownColumn<FileFormat> => [name, TEXT, option(name)]),
  ...TIMES,
  COMMENT,
]);

/** Source: "STAGES view". */
export const STAGES = ofKind("STAGE", [
  ...place("STAGE", (stage: Stage) => stage),
  ["STAGE_URL", TEXT],
  ["STAGE_REGION", TEXT],
  ["STAGE_TYPE", TEXT, () => "Internal Named"],
  ["STAGE_OWNER", TEXT, ({ owner }) => owner],
  COMMENT,
  ...TIMES,
]);

/** Source: "SEQUENCES view". NEXT_VALUE is NULL: asking for it would spend it; see SHOW SEQUENCES. */
export const SEQUENCES = ofKind("SEQUENCE", [
  ...named("SEQUENCE"),
  ["DATA_TYPE", TEXT, () => "NUMBER"],
  ["NUMERIC_PRECISION", INTEGER, () => 38],
  ["NUMERIC_PRECISION_RADIX", INTEGER, () => 10],
  ["NUMERIC_SCALE", INTEGER, () => 0],
  ["START_VALUE", TEXT, ({ start }) => String(start)],
  ["MINIMUM_VALUE", TEXT],
  ["MAXIMUM_VALUE", TEXT],
  ["NEXT_VALUE", TEXT],
  ["INCREMENT", TEXT, ({ increment }) => String(increment)],
  ["CYCLE_OPTION", TEXT, () => "NO"],
  ...TIMES,
  ["ORDERED", TEXT, ({ ordered }) => yes(ordered)],
  COMMENT,
]);

type Routine = UserFunction | Procedure;

const typeOf = ({ kind, ...rest }: RoutineResult): DataType | undefined =>
  kind === "type" ? (rest as Extract<RoutineResult, { kind: "type" }>).type : undefined;

/** The type of what is returned: its text, and what the standard says of it apart. */
const RETURNED: readonly ShownColumn<Routine>[] = [
  ["DATA_TYPE", TEXT, ({ returns }) => resultText(returns)],
  ["CHARACTER_MAXIMUM_LENGTH", INTEGER, ({ returns }) => textLength(typeOf(returns))],
  ["CHARACTER_OCTET_LENGTH", INTEGER, ({ returns }) => octets(typeOf(returns))],
  ["NUMERIC_PRECISION", INTEGER, ({ returns }) => number(typeOf(returns))?.precision],
  ["NUMERIC_PRECISION_RADIX", INTEGER, ({ returns }) => (number(typeOf(returns)) ? 10 : null)],
  ["NUMERIC_SCALE", INTEGER, ({ returns }) => number(typeOf(returns))?.scale],
];

function resultText(returns: RoutineResult): string {
  if (returns.kind === "type") return dataTypeText(returns.type);
  return `TABLE (${returns.columns.map(({ name, type }) => `${name} ${dataTypeText(type)}`).join(", ")})`;
}

function textLength(type: DataType | undefined): Cell {
  return type?.kind === "VARCHAR" ? type.length : null;
}

function octets(type: DataType | undefined): Cell {
  return type?.kind === "VARCHAR" ? Math.min(type.length * 4, 16_777_216) : null;
}

function number(type: DataType | undefined): Extract<DataType, { kind: "NUMBER" }> | undefined {
  return type?.kind === "NUMBER" ? type : undefined;
}

const SIGNATURE: ShownColumn<Routine> = [
  "ARGUMENT_SIGNATURE",
  TEXT,
  ({ arguments: all }) => `(${all.map(({ name, type }) => `${name} ${type.kind}`).join(", ")})`,
];

/** The body of a secure routine is for its owner's eyes. */
function bodyOf(routine: Routine, context: StatementContext): Cell {
  return routine.secure && !owns(context, routine) ? null : routine.body;
}

/** Source: "FUNCTIONS view". */
export const FUNCTIONS = ofKind("FUNCTION", [
  ...named("FUNCTION"),
  SIGNATURE,
  ...RETURNED,
  ["FUNCTION_LANGUAGE", TEXT, ({ language }) => language ?? "SQL"],
  ["FUNCTION_DEFINITION", TEXT, bodyOf],
  ["VOLATILITY", TEXT, ({ immutable }) => (immutable ? "IMMUTABLE" : "VOLATILE")],
  ["IS_NULL_CALL", TEXT, ({ strict }) => yes(!strict)],
  ["IS_SECURE", TEXT, ({ secure }) => yes(secure)],
  ...TIMES,
  COMMENT,
  ["IS_EXTERNAL", TEXT, () => "NO"],
  ["API_INTEGRATION", TEXT],
  ["CONTEXT_HEADERS", TEXT],
  ["MAX_BATCH_ROWS", INTEGER],
  ["REQUEST_TRANSLATOR", TEXT],
  ["RESPONSE_TRANSLATOR", TEXT],
  ["COMPRESSION", TEXT],
  ["IMPORTS", TEXT],
  ["HANDLER", TEXT],
  ["TARGET_PATH", TEXT],
  ["RUNTIME_VERSION", TEXT],
  ["PACKAGES", TEXT],
  ["INSTALLED_PACKAGES", TEXT],
  ["IS_MEMOIZABLE", TEXT, ({ memoizable }) => yes(memoizable)],
  ["EXTERNAL_ACCESS_INTEGRATIONS", TEXT],
  ["SECRETS", TEXT],
  ["IS_DATA_METRIC", TEXT, () => "NO"],
  ["IS_AGGREGATE", TEXT, () => "NO"],
  ["ARTIFACT_REPOSITORY", TEXT],
]);

/** Source: "PROCEDURES view". */
export const PROCEDURES = ofKind("PROCEDURE", [
  ...named("PROCEDURE"),
  SIGNATURE,
  ...RETURNED,
  ["PROCEDURE_LANGUAGE", TEXT, ({ language }) => language ?? "SQL"],
  ["PROCEDURE_DEFINITION", TEXT, bodyOf],
  ...TIMES,
  COMMENT,
  ["EXTERNAL_ACCESS_INTEGRATIONS", TEXT],
  ["SECRETS", TEXT],
  ["RUNTIME_VERSION", TEXT],
  ["PACKAGES", TEXT],
  ["INSTALLED_PACKAGES", TEXT],
  ["ARTIFACT_REPOSITORY", TEXT],
  ["OWNER_ROLE_TYPE", TEXT, ownerRoleType],
]);
