import { randomUUID } from "node:crypto";
import type { Procedure } from "../../catalog/objects";
import { SnowflakeError, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { recordedStatement } from "../../execution/recordedStatement";
import type { Outcome } from "../../execution/outcome";
import { valueFromWire } from "../../execution/wireValue";
import { runProcedure } from "../../javascript/procedureRun";
import { javaScriptKind, type JavaScriptKind } from "../../javascript/values";
import { parseStatements } from "../../sql";
import { BOOLEAN, FLOAT, VARCHAR, VARIANT, type DataType } from "../../sql/ast/dataType";
import { translateDuckDbError, type TypedValue } from "../../translate";

/**
 * The value that a procedure in JavaScript returns, as text. Its statements run in the session that it is given: the
 * owner's or the caller's. Source: "Writing stored procedures in JavaScript".
 */
export async function javaScriptResult(
  routine: Pick<Procedure, "name" | "arguments" | "returns" | "body">,
  values: ReadonlyMap<string, TypedValue>,
  context: StatementContext,
): Promise<string | null> {
  const { returns, name, body } = routine;
  if (returns.kind !== "type") throw unsupported("RETURNS TABLE of a procedure in JavaScript");
  return runProcedure({
    name,
    body,
    parameters: routine.arguments.map((argument) => ({
      name: argument.name,
      kind: javaScriptKind(argument.type)!,
      text: argumentText(values.get(argument.name)!),
    })),
    returns: javaScriptKind(returns.type)!,
    signal: context.signal,
    ask: (request) => answered(request, context),
  });
}

/** What a procedure returned, as a value that is cast to its type. */
export function returned({ returns }: Pick<Procedure, "returns">, text: string | null): TypedValue {
  if (returns.kind !== "type" || text === null) return { type: VARCHAR, value: null };
  switch (javaScriptKind(returns.type)) {
    case "D": {
      const at = new Date(Number(text)).toISOString().replace("T", " ").replace("Z", " +0000");
      return { type: { kind: "TIMESTAMP_LTZ", scale: 3 }, value: at };
    }
    case "V":
      return { type: VARIANT, value: text };
    default:
      return { type: VARCHAR, value: text };
  }
}

/** A date goes as milliseconds since 1970. */
function argumentText({ type, value }: TypedValue): string | null {
  if (value === null || javaScriptKind(type) !== "D") return value;
  return String(Date.parse(isoText(value)));
}

/** `2024-01-31 12:00:00.000 -0800` as a text that every JavaScript reads. */
function isoText(text: string): string {
  const [date, time = "00:00:00", offset = "Z"] = text.split(" ");
  const zone = offset.replace(/^([+-]\d\d):?(\d\d)$/, "$1:$2");
  return `${date!}T${time}${zone}`;
}

interface Request {
  readonly sqlText: string;
  readonly binds: readonly (
    string | number | boolean | null | { readonly time: number; readonly nanos: number | null }
  )[];
}

async function answered(request: string, context: StatementContext): Promise<string> {
  const { sqlText, binds } = JSON.parse(request) as Request;
  try {
    const [statement, ...more] = parseStatements(sqlText);
    if (!statement || more.length > 0) throw unsupported("several statements in one sqlText");
    const queryId = randomUUID();
    const outcome = await recordedStatement(statement, sqlText, queryId, context, () =>
      context.run(statement, sqlText, {
        queryId,
        binds: { positional: binds.map(bindValue), named: new Map() },
        pipe: [],
        session: context.session,
        ...(context.depth !== undefined && { depth: context.depth }),
        ...(context.reading && { reading: context.reading }),
      }),
    );
    return JSON.stringify(answerOf(outcome, queryId));
  } catch (error) {
    const known = error instanceof SnowflakeError ? error : translateDuckDbError(error);
    const { message } = known;
    const code = known instanceof SnowflakeError ? Number(known.code) : 0;
    const state = known instanceof SnowflakeError ? known.sqlState : "";
    return JSON.stringify({ error: { message, code, state } });
  }
}

function bindValue(value: Request["binds"][number]): TypedValue {
  if (value === null) return { type: VARCHAR, value: null };
  switch (typeof value) {
    case "number":
      return { type: FLOAT, value: String(value) };
    case "boolean":
      return { type: BOOLEAN, value: String(value) };
    case "string":
      return { type: VARCHAR, value };
    default: {
      const second = new Date(Math.floor(value.time / 1000) * 1000).toISOString().slice(0, 19).replace("T", " ");
      const nanos = value.nanos ?? (((value.time % 1000) + 1000) % 1000) * 1e6;
      return { type: { kind: "TIMESTAMP_LTZ", scale: 9 }, value: `${second}.${String(nanos).padStart(9, "0")} +0000` };
    }
  }
}

/** SfDate for timestamps; see PROCEDURE_SOURCE. NUMBER becomes a number, as far as numbers go. */
function kindOf(type: DataType): JavaScriptKind | "T" {
  if (type.kind.startsWith("TIMESTAMP")) return "T";
  return type.kind === "NUMBER" ? "N" : (javaScriptKind(type) ?? "S");
}

function answerOf(outcome: Outcome, queryId: string): object {
  const rows: (string | null)[][] = [];
  for (const chunk of outcome.chunks) {
    if (chunk.rowCount > 0) rows.push(...(JSON.parse(`[${chunk.json}]`) as (string | null)[][]));
  }
  const { statistics } = outcome;
  return {
    queryId,
    counts: {
      inserted: statistics?.numRowsInserted ?? 0,
      updated: statistics?.numRowsUpdated ?? 0,
      deleted: statistics?.numRowsDeleted ?? 0,
      duplicates: statistics?.numDmlDuplicates ?? 0,
    },
    columns: outcome.columns.map(({ name, type, nullable }, index) => ({
      name,
      nullable,
      type: type.kind,
      kind: kindOf(type),
      scale: "scale" in type ? type.scale : 0,
      ...(type.kind === "DATE" && { texts: rows.map((row) => valueFromWire(type, row[index]!).value) }),
    })),
    rows: rows.map((row) => row.map((cell, index) => cellText(outcome.columns[index]!.type, cell))),
  };
}

function cellText(type: DataType, cell: string | null): string | null {
  if (cell === null) return null;
  const kind = kindOf(type);
  const { value } = valueFromWire(type, cell);
  if (kind === "D") return String(Date.parse(isoText(value!)));
  if (kind !== "T") return value;
  const [seconds = "0", zone] = cell.split(" ");
  const at = Number(seconds.split(".")[0]);
  const fraction = Number((seconds.split(".")[1] ?? "").padEnd(9, "0"));
  const below = seconds.startsWith("-") && fraction > 0;
  const nanos = below ? 1_000_000_000 - fraction : fraction;
  const millis = (below ? at - 1 : at) * 1000 + Math.floor(nanos / 1e6);
  return JSON.stringify([millis, nanos, zone === undefined ? 0 : Number(zone) - 1440, value]);
}
