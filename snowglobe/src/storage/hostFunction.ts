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

/** Makes functions callable by every connection to the same database. */
export function registerHostFunctions(connection: DuckDBConnection, functions: readonly HostFunction[]): void {
  for (const definition of functions) connection.registerScalarFunction(scalarFunction(definition));
}

function scalarFunction({ name, parameters, volatile, call }: HostFunction): DuckDBScalarFunction {
  return DuckDBScalarFunction.create({
    name,
    parameterTypes: Array.from({ length: parameters }, () => VARCHAR),
    returnType: VARCHAR,
    volatile: volatile ?? false,
    mainFunction: (_info, input, output) => {
      const columns = Array.from({ length: parameters }, (_, i) => input.getColumnVector(i));
      for (let row = 0; row < input.rowCount; row++) {
        const texts = columns.map((column) => column.getItem(row) as string | null);
        output.setItem(row, texts.includes(null) ? null : call(...(texts as string[])));
      }
      output.flush();
    },
  });
}
