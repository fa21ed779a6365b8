import type { DataType } from "../../sql/ast/dataType";
import { VARCHAR } from "../../sql/ast/dataType";
import type { Query } from "../../sql/ast/query";
import {
  castTo,
  commonType,
  emitExpression,
  isSemiStructured,
  type Binds,
  type BoundExpression,
  type SessionContext,
  type SqlRelation,
  type TypedValue,
} from "../../translate";
import { literal } from "../../quoting";

/** Largest precision of a NUMBER. */
const PRECISION = 38;

/** Name of the n-th bind's column, which no user's column can have. */
const columnName = (index: number): string => `\0${index + 1}`;

/** The rows of an array bind as one relation, so that they are written by one statement. */
export interface ArrayBind {
  readonly binds: Binds;
  readonly relation: SqlRelation;
}

/** @param rows values by row, then by position */
export function arrayBind(rows: readonly (readonly TypedValue[])[], session: SessionContext): ArrayBind {
  const width = rows[0]?.length ?? 0;
  const types = Array.from({ length: width }, (_, index) => typeOf(rows.map((row) => row[index]!)));
  const json = JSON.stringify(rows.map((row) => row.map((cell) => cell.value)));
  const cells = types.map((type, index) => `${decoded(`r.r[${index + 1}]`, type, session)} AS b${index + 1}`);
  return {
    binds: { positional: [], columns: types.map((_, index) => columnName(index)), named: new Map() },
    relation: {
      kind: "sql",
      path: ["array bind"],
      sql: `(SELECT ${cells.join(", ")} FROM (SELECT unnest(from_json(${literal(json)}, '[["VARCHAR"]]')) AS r) AS r)`,
      columns: types.map((type, index) => ({
        name: columnName(index),
        type,
        nullable: true,
        physical: `b${index + 1}`,
      })),
    },
  };
}

/** `VALUES (?, ?)` over the rows of an array bind: a SELECT from them. Undefined for a query of another form. */
export function overArrayBind(query: Query): Query | undefined {
  const { body, span } = query;
  if (body.kind !== "values" || body.rows.length !== 1) return undefined;
  return {
    ...query,
    body: {
      kind: "select",
      distinct: false,
      items: body.rows[0]!.map((expression) => ({ expression, span })),
      from: [{ kind: "pipeResult", back: 0, columnAliases: [], span }],
      span,
    },
  };
}

/** What the values of one bind have in common. NULLs come as text, whatever the others are. */
function typeOf(values: readonly TypedValue[]): DataType {
  let type: DataType | undefined;
  let digits = 1;
  let scale = 0;
  for (const one of values) {
    if (one.value === null) continue;
    if (one.type.kind === "NUMBER") {
      digits = Math.max(digits, one.type.precision - one.type.scale);
      scale = Math.max(scale, one.type.scale);
    }
    if (type?.kind === one.type.kind) continue;
    type = type === undefined ? one.type : (commonType(type, one.type) ?? VARCHAR);
  }
  if (type?.kind !== "NUMBER") return type ?? VARCHAR;
  return { kind: "NUMBER", precision: PRECISION, scale: Math.min(scale, PRECISION - digits) };
}

/** From the text of a bind, which is as Snowflake prints the type. */
function decoded(sql: string, type: DataType, session: SessionContext): string {
  if (isSemiStructured(type)) return `CAST(${sql} AS JSON)`;
  const text: BoundExpression = { kind: "column", id: sql, name: "?", type: VARCHAR, nullable: true };
  return emitExpression(castTo(text, type, session, "explicit"), {
    scan: () => {
      throw new Error("a bind reads no table");
    },
  });
}
