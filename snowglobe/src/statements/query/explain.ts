import { SnowflakeError, unsupported } from "../../errors";
import { StatementType } from "../../account/statementType";
import type { Handler, StatementContext } from "../../execution/context";
import { INTEGER, rows, TEXT, type Outcome } from "../../execution/outcome";
import { shown, type ShownColumn } from "../../execution/shownColumn";
import type { Query } from "../../sql/ast/query";
import type { Statement, StatementOf } from "../../sql/ast/statement";
import { operationsOf, type Operation } from "./explainedPlan";
import { bind } from "./query";

/** Each table is one micro-partition here. */
interface Sized extends Operation {
  readonly partitions?: number;
  readonly bytes?: number;
}

interface Line {
  readonly operation: Sized | undefined;
  readonly partitions: number | undefined;
  readonly bytes: number | undefined;
}

const COLUMNS: readonly ShownColumn<Line>[] = [
  ["step", INTEGER, ({ operation }) => (operation ? 1 : null)],
  ["id", INTEGER, ({ operation }) => operation?.id],
  [
    "parentOperators",
    TEXT,
    ({ operation }) => (typeof operation?.parent === "number" ? `[${operation.parent}]` : null),
  ],
  ["operation", TEXT, ({ operation }) => operation?.operation ?? "GlobalStats"],
  ["objects", TEXT, ({ operation }) => operation?.object],
  ["alias", TEXT],
  ["expressions", TEXT, ({ operation }) => (operation?.expressions.length ? operation.expressions.join(", ") : null)],
  ["partitionsTotal", INTEGER, ({ partitions }) => partitions],
  ["partitionsAssigned", INTEGER, ({ partitions }) => partitions],
  ["bytesAssigned", INTEGER, ({ bytes }) => bytes],
];

/**
 * EXPLAIN of a query: the logical plan that it was bound to, which nothing is run for. Source: "EXPLAIN". Of other
 * statements than queries and those that are made of one it is refused.
 */
export const explain: Handler<StatementOf<"explain">> = async ({ format, statement }, context) => {
  const { plan } = await bind(queryOf(statement), context);
  const operations = operationsOf(plan).map((one): Sized => sized(one, context));
  const hidden = operations.find(({ object }) => object?.includes("INFORMATION_SCHEMA."));
  if (hidden) {
    throw new SnowflakeError(
      "003001",
      "42501",
      `EXPLAIN command has insufficient privilege on object ${hidden.object}`,
    );
  }
  return answer(operations, format, context);
};

function queryOf(statement: Statement): Query {
  if (statement.kind === "queryStatement") return statement.query;
  if (statement.kind === "createTable" && statement.source?.kind === "query") return statement.source.query;
  throw unsupported(`EXPLAIN of anything but a query`);
}

function sized(operation: Operation, { instance }: StatementContext): Sized {
  if (operation.storageId === undefined) return operation;
  return { ...operation, partitions: 1, bytes: Number(instance.rowCounts.bytes(operation.storageId)) };
}

function answer(
  operations: readonly Sized[],
  format: StatementOf<"explain">["format"],
  context: StatementContext,
): Outcome {
  const partitions = operations.reduce((sum, one) => sum + (one.partitions ?? 0), 0);
  const bytes = operations.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  const content = (text: string): Outcome => rows([["content", TEXT]], [[text]], StatementType.SHOW);
  switch (format) {
    case "TABULAR": {
      const lines = operations.map((operation) => ({
        operation,
        partitions: operation.partitions,
        bytes: operation.bytes,
      }));
      return shown(COLUMNS, [{ operation: undefined, partitions, bytes }, ...lines], context, StatementType.SHOW);
    }
    case "JSON":
      return content(
        JSON.stringify({
          GlobalStats: { partitionsTotal: partitions, partitionsAssigned: partitions, bytesAssigned: bytes },
          Operations: [operations.map(asJson)],
        }),
      );
    case "TEXT":
      return content(
        [
          "GlobalStats:",
          `    partitionsTotal=${partitions}`,
          `    partitionsAssigned=${partitions}`,
          `    bytesAssigned=${bytes}`,
          "Operations:",
          ...operations.map((one) => asText(one, operations)),
          "",
        ].join("\n"),
      );
  }
}

function asJson({ id, parent, operation, object, expressions, partitions, bytes }: Sized): object {
  return {
    id,
    ...(parent !== null && { parentOperators: [parent] }),
    operation,
    ...(object !== undefined && { objects: [object] }),
    ...(expressions.length > 0 && { expressions }),
    ...(partitions !== undefined && {
      partitionsAssigned: partitions,
      partitionsTotal: partitions,
      bytesAssigned: bytes,
    }),
  };
}

function asText(one: Sized, all: readonly Sized[]): string {
  const depth = (at: Sized): number => (at.parent === null ? 0 : 1 + depth(all[at.parent]!));
  const size = `{partitionsTotal=${one.partitions}, partitionsAssigned=${one.partitions}, bytesAssigned=${one.bytes}}`;
  const words = [one.operation, one.object, one.expressions.join(", "), one.partitions !== undefined && size];
  return `1:${one.id}     ${"     ".repeat(depth(one))}->${words.filter(Boolean).join("  ")}`;
}
