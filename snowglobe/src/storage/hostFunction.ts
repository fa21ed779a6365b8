import { type DuckDBConnection, DuckDBScalarFunction, VARCHAR } from "@duckdb/node-api";

/**
 * A function of texts that SQL may call and this process computes. NULL in any argument gives NULL. It runs on the
 * process's one thread, in pieces of a few thousand rows, so it must be linear in its input.
 */
export interface HostFunction {
  /** DuckDB's name for it. */
  readonly name: string;
  readonly parameters: number;
  /** A value that may differ from call to call. */
  readonly volatile?: boolean;
  /** What it throws becomes the statement's error. */
  readonly call: (...texts: string[]) => string | null;
}

/** A host function that computes the values of all rows of a piece at once. */
export interface RowsFunction extends Omit<HostFunction, "call"> {
  readonly callRows: (rows: readonly (readonly string[])[]) => readonly (string | null)[];
}

export type AnyHostFunction = HostFunction | RowsFunction;

/** Makes functions callable by every connection to the same database. */
export function registerHostFunctions(connection: DuckDBConnection, functions: readonly AnyHostFunction[]): void {
  for (const definition of functions) connection.registerScalarFunction(scalarFunction(definition));
}

function valuesOf(
  definition: AnyHostFunction,
  rows: readonly (readonly (string | null)[])[],
): readonly (string | null)[] {
  const isWhole = (row: readonly (string | null)[]): row is readonly string[] => !row.includes(null);
  if ("call" in definition) return rows.map((row) => (isWhole(row) ? definition.call(...row) : null));
  const values = definition.callRows(rows.filter(isWhole)).values();
  return rows.map((row) => (isWhole(row) ? (values.next().value ?? null) : null));
}

function scalarFunction(definition: AnyHostFunction): DuckDBScalarFunction {
  const { name, parameters, volatile } = definition;
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: Array.from({ length: parameters }, () => VARCHAR),
    returnType: VARCHAR,
    volatile: volatile ?? false,
    mainFunction: (_info, input, output) => {
      const columns = Array.from({ length: parameters }, (_, i) => input.getColumnVector(i));
      const rows = Array.from({ length: input.rowCount }, (_, row) =>
        columns.map((column) => column.getItem(row) as string | null),
      );
      for (const [row, value] of valuesOf(definition, rows).entries()) output.setItem(row, value);
      output.flush();
    },
  });
}
