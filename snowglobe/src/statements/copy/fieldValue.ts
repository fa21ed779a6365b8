import type { Column } from "../../catalog/objects";
import { VARCHAR } from "../../sql/ast/dataType";
import {
  assignmentCast,
  call,
  castTo,
  emitExpression,
  isSemiStructured,
  isTimestamp,
  timeByFormat,
  type BoundExpression,
  type EmitOptions,
  type SessionContext,
} from "../../translate";
import { notNull } from "../dml/columnValues";
import type { CopyOptions } from "./copyOptions";
import type { ValueFormats } from "./dataFormat";

/** What a value is converted by on its way from a file into its column. */
export interface Conversion {
  readonly session: SessionContext;
  readonly values: ValueFormats;
  /** Text that is too long is cut. */
  readonly truncate: boolean;
}

/** A source reads no table. */
export const NO_SCAN: EmitOptions = {
  scan: () => {
    throw new Error("a file's source reads no table");
  },
};

export function conversionBy(options: CopyOptions, session: SessionContext): Conversion {
  return { session, values: options.format.values, truncate: options.truncate };
}

/** A file's value as DuckDB text: cast, and checked where the column takes no NULL. */
export function intoColumn(value: BoundExpression, column: Column, conversion: Conversion): string {
  const sql = emitExpression(converted(value, column, conversion, false), NO_SCAN);
  return column.nullable ? sql : notNull(sql, column);
}

/** A condition, in DuckDB text, that is true for a value that its column does not take. */
export function misfit(value: BoundExpression, column: Column, conversion: Conversion): string {
  const given = emitExpression(value, NO_SCAN);
  const present =
    value.type.kind === "VARIANT"
      ? `(${given} IS NOT NULL AND CAST(${given} AS VARCHAR) <> 'null')`
      : `${given} IS NOT NULL`;
  const missing = column.nullable ? [] : [`NOT ${present}`];
  if (column.type.kind === "VARCHAR") {
    const text = emitExpression(castTo(value, VARCHAR, conversion.session, "explicit"), NO_SCAN);
    const long = conversion.truncate ? [] : [`length(${text}) > ${column.type.length}`];
    return [...missing, ...long].join(" OR ") || "false";
  }
  if (isSemiStructured(value.type) && isSemiStructured(column.type)) return missing.join(" OR ") || "false";
  const tried = emitExpression(converted(value, column, conversion, true), NO_SCAN);
  return [...missing, `(${present} AND ${tried} IS NULL)`].join(" OR ");
}

function converted(
  value: BoundExpression,
  column: Column,
  { session, values, truncate }: Conversion,
  tries: boolean,
): BoundExpression {
  const { type } = column;
  const isText = value.type.kind === "VARCHAR";
  const text = (): BoundExpression => castTo(value, VARCHAR, session, "explicit");
  if (isText || value.type.kind === "VARIANT") {
    const format =
      type.kind === "DATE"
        ? values.date
        : type.kind === "TIME"
          ? values.time
          : isTimestamp(type)
            ? values.timestamp
            : "AUTO";
    if (format.toUpperCase() !== "AUTO") return timeByFormat("COPY", text(), format, type, session, tries);
    if (type.kind === "BINARY" && values.binary !== "HEX") {
      const read = values.binary === "UTF8" ? "encode($0)" : tries ? "TRY(from_base64($0))" : "from_base64($0)";
      return call("COPY", read, [text()], type, true);
    }
  }
  if (isText && isSemiStructured(type)) {
    const read = `CAST(${tries ? "host_try_read_json" : "host_read_json"}($0, 's') AS JSON)`;
    return castTo(call("PARSE_JSON", read, [value], { kind: "VARIANT" }, true), type, session, "explicit");
  }
  if (tries) return castTo(value, type, session, isText || value.type.kind === "VARIANT" ? "try" : "explicit");
  const cut = truncate && type.kind === "VARCHAR";
  // A document's value is taken as a cast would: what is loaded by name has been written for the column.
  const lenient = cut || value.type.kind === "VARIANT";
  return lenient ? castTo(value, type, session, "explicit") : assignmentCast(value, type, session);
}
