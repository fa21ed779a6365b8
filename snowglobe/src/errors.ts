/** Longest message, in characters: messages quote values and statements, which may be megabytes. */
const MOST_CHARACTERS = 2_000;
/** So much of a message's end is kept: it often says where. */
const END_CHARACTERS = 500;

/** A message without its middle where it is too long. */
export function shortened(message: string, most = MOST_CHARACTERS): string {
  if (message.length <= most) return message;
  const end = Math.min(END_CHARACTERS, Math.floor(most / 4));
  return `${message.slice(0, most - end)}...${message.slice(-end)}`;
}

/**
 * The one error class that reaches clients. Below every floor: any part may throw it.
 *
 * `code` is Snowflake's six-digit code with leading zeros, `sqlState` its SQLSTATE; drivers show them as
 * `002003 (42S02): message`.
 */
export class SnowflakeError extends Error {
  override readonly name = "SnowflakeError";

  constructor(
    readonly code: string,
    readonly sqlState: string,
    message: string,
    /** 1-based line and 0-based position in the statement, where known. */
    readonly at?: { readonly line: number; readonly position: number },
  ) {
    super(shortened(message));
  }
}

/** A compilation error: Snowflake's messages of this kind begin with a line of their own. */
function compilation(code: string, sqlState: string, text: string, at?: SnowflakeError["at"]): SnowflakeError {
  return new SnowflakeError(code, sqlState, `SQL compilation error:\n${text}`, at);
}

/** `what` names the feature that this server cannot do, as a user would call it. */
export function unsupported(what: string): SnowflakeError {
  return new SnowflakeError("000002", "0A000", `Unsupported feature '${what}'.`);
}

/** `token` is the text of the offending token, or `<EOF>`. */
export function syntaxError(line: number, position: number, token: string): SnowflakeError {
  return compilation("001003", "42000", `syntax error line ${line} at position ${position} unexpected '${token}'.`, {
    line,
    position,
  });
}

export function invalidIdentifier(name: string, at?: SnowflakeError["at"]): SnowflakeError {
  const where = at ? `error line ${at.line} at position ${at.position}\n` : "";
  return compilation("000904", "42000", `${where}invalid identifier '${name}'`, at);
}

export function ambiguousColumn(name: string): SnowflakeError {
  return compilation("001052", "42000", `ambiguous column name '${name}'`);
}

export function unknownFunction(name: string): SnowflakeError {
  return compilation("002140", "42601", `Unknown function ${name}`);
}

/** Wrong number of arguments, or of a type that the function does not take. */
export function invalidArguments(name: string, types: readonly string[]): SnowflakeError {
  return compilation("001044", "42P13", `Invalid argument types for function '${name}': (${types.join(", ")})`);
}

export function tooManyArguments(name: string, expected: number, got: number): SnowflakeError {
  const text = `too many arguments for function [${name}] expected ${expected}, got ${got}`;
  return compilation("000939", "22023", text);
}

/** An argument that must be a constant. @param index from 0 */
export function needsConstant(name: string, index: number, found: string): SnowflakeError {
  return compilation("001015", "22023", `argument ${index} to function ${name} needs to be constant, found '${found}'`);
}

/**
 * An object that is not there, or not for this role. Relations are reported with SQLSTATE 42S02, everything else
 * (schemas, databases, warehouses, stages, integrations ...) with 02000.
 *
 * @param kind as Snowflake prints it: `Object`, `Table`, `Schema`, `Database`, `Warehouse`, `Stage` ...
 * @param name the qualified name
 */
export function doesNotExist(kind: string, name: string): SnowflakeError {
  const relation = kind === "Object" || kind === "Table" || kind === "View";
  return compilation("002003", relation ? "42S02" : "02000", `${kind} '${name}' does not exist or not authorized.`);
}

/** Whether the error says that an object is not there (or not for this role): what IF EXISTS passes over. */
export function isMissing(error: unknown): boolean {
  return error instanceof SnowflakeError && (error.code === "002003" || error.code === "002043");
}

/** USE and SHOW ... IN of something that is not there. */
export function cannotBePerformed(): SnowflakeError {
  return compilation("002043", "02000", "Object does not exist, or operation cannot be performed.");
}

/** An object of the name is there, but of another kind than the statement says. */
export function wrongKind(found: string, specified: string): SnowflakeError {
  const word = (kind: string): string => kind.replaceAll(" ", "_");
  return compilation(
    "002203",
    "42601",
    `Object found is of type '${word(found)}', not specified type '${word(specified)}'.`,
  );
}

export function alreadyExists(name: string): SnowflakeError {
  return compilation("002002", "42710", `Object '${name}' already exists.`);
}

/** @param kind lower-case object kind, e.g. `table`, `schema`, `account`. */
export function insufficientPrivileges(kind: string, name: string): SnowflakeError {
  return new SnowflakeError(
    "003001",
    "42501",
    `SQL access control error:\nInsufficient privileges to operate on ${kind} '${name}'`,
  );
}

/** @param verb the statement, e.g. `CREATE TABLE`, `SELECT`. */
export function noCurrentDatabase(verb: string): SnowflakeError {
  return new SnowflakeError(
    "090105",
    "22000",
    `Cannot perform ${verb}. This session does not have a current database. Call 'USE DATABASE', or use a qualified name.`,
  );
}

export function noCurrentSchema(verb: string): SnowflakeError {
  return new SnowflakeError(
    "090106",
    "22000",
    `Cannot perform ${verb}. This session does not have a current schema. Call 'USE SCHEMA', or use a qualified name.`,
  );
}

export function noActiveWarehouse(): SnowflakeError {
  return new SnowflakeError(
    "000606",
    "57P03",
    "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' command.",
  );
}

/** A property or argument with a value that it does not take. */
export function invalidValue(value: string, property: string): SnowflakeError {
  return compilation("001008", "22023", `invalid value [${value}] for parameter '${property}'`);
}

/** Any other compilation error, with Snowflake's own text. */
export function compilationError(text: string, code = "002010", sqlState = "42601"): SnowflakeError {
  return compilation(code, sqlState, text);
}
