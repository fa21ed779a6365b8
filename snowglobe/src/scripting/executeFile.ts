import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { SnowflakeError, unsupported } from "../errors";
import type { StatementContext } from "../execution/context";
import { status, type Outcome } from "../execution/outcome";
import { StatementType } from "../account/statementType";
import { lineAndPosition, parseStatements } from "../sql";
import type { StageLocation } from "../sql/ast/query";
import type { StatementOf } from "../sql/ast/statement";
import { resolveLocation } from "../statements/stage/files";

/** How deep a file may execute files. Source: "EXECUTE IMMEDIATE FROM", usage notes. */
const MOST_NESTED = 5;

/** Bytes of a file at most. Source: the same. */
const MOST_BYTES = 10 * 1024 * 1024;

/**
 * EXECUTE IMMEDIATE FROM: the statements of a staged file, one after the other; what ran before one that fails stays done.
 * Source: "EXECUTE IMMEDIATE FROM". Templates are refused by name.
 *
 * @returns the result of the last statement
 */
export async function executeFile(statement: StatementOf<"executeFile">, context: StatementContext): Promise<Outcome> {
  const location = locationOf(statement, context);
  const depth = (context.file?.depth ?? 0) + 1;
  if (depth > MOST_NESTED) throw unsupported(`EXECUTE IMMEDIATE FROM nested more than ${MOST_NESTED} deep`);
  const text = await textOf(location, context);
  let last: Outcome = status("Statement executed successfully.", StatementType.SCL);
  for (const one of parseStatements(text)) {
    try {
      last = await context.run(one, text, { pipe: [], file: { location, depth } });
    } catch (error) {
      if (!(error instanceof SnowflakeError) || error.message.startsWith("Uncaught exception")) throw error;
      const { line, position } = lineAndPosition(text, one.span.start);
      const place = `in file ${fileText(location)} on line ${line} at position ${position}`;
      const message = `Uncaught exception of type 'STATEMENT_ERROR' ${place}:\n${error.message}`;
      throw new SnowflakeError(error.code, error.sqlState, message);
    }
  }
  return last;
}

/** A relative path is meant from the file in which it stands. */
function locationOf(
  { location, relative, span }: StatementOf<"executeFile">,
  { file }: StatementContext,
): StageLocation {
  if (location) return location;
  if (!file) {
    throw new SnowflakeError(
      "001503",
      "42601",
      `Relative file references like '${relative}' cannot be used in top-level EXECUTE IMMEDIATE calls.`,
    );
  }
  const joined = path.posix.join("/", path.posix.dirname(file.location.path), relative!);
  const absolute = relative!.startsWith("/") ? path.posix.normalize(relative!) : joined;
  return { ...file.location, path: absolute.slice(1), span };
}

async function textOf(location: StageLocation, context: StatementContext): Promise<string> {
  const { folder, path: name, label } = resolveLocation(location, context, "READ");
  const found = (await context.instance.stageFiles.list(folder, name)).find((file) => file.name === name);
  if (!found)
    throw new SnowflakeError("001501", "02000", `File '${name}' not found in stage '${label.toUpperCase()}'.`);
  if (found.size > MOST_BYTES) throw unsupported(`a file of more than 10 MB in EXECUTE IMMEDIATE FROM ('${name}')`);
  const text = decoded(await readFile(found.file), name);
  if (/^[\s\uFEFF]{0,11}(--|#)!jinja/.test(text)) throw unsupported("templates in EXECUTE IMMEDIATE FROM");
  return text;
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SnowflakeError(
      "001502",
      "22000",
      `File '${name}' is not text in UTF-8: put it with AUTO_COMPRESS = FALSE.`,
    );
  }
}

function fileText({ stage, path: name }: StageLocation): string {
  const own = stage.kind === "user" ? "~" : `${stage.kind === "table" ? "%" : ""}${stage.name.at(-1)!.name}`;
  return `@${own}/${name}`;
}
