import type { SqlRelation } from "../translate/environment";
import { decodeFromWire } from "../translate";
import type { StatementResult } from "../account/result";
import { literal } from "../quoting";

/** Rows of a large result lie on disk as no query reads them: {@link withReadableResults} writes them anew. */
class UnreadableResult extends Error {
  constructor(readonly result: StatementResult) {
    super(`the result of ${result.queryId} is not there as text`);
  }
}

/** Bytes of a row that DuckDB takes without being told. */
const USUAL_ROW_BYTES = 16 * 1024 * 1024;

/**
 * A kept result as a relation: rows are read back from their wire encoding. Source: "RESULT_SCAN".
 *
 * @param name for messages
 */
export function resultRelation(result: StatementResult, name: string): SqlRelation {
  const names = result.columns.map((_, index) => `c${index + 1}`);
  const cells = result.columns.map(
    (column, index) => `${decodeFromWire(`r.r[${index + 1}]`, column.type)} AS ${names[index]!}`,
  );
  return {
    kind: "sql",
    path: [name],
    sql: `(SELECT ${cells.join(", ")} FROM ${rowsSql(result)} AS r)`,
    columns: result.columns.map((column, index) => ({ ...column, physical: names[index]! })),
  };
}

/** A FROM item with one column `r`: each row as a list of texts. */
function rowsSql(result: StatementResult): string {
  if (!result.file) {
    const chunks = result.chunks.filter((chunk) => chunk.rowCount > 0).map((chunk) => chunk.json);
    return `(SELECT unnest(from_json(${literal(`[${chunks.join(",")}]`)}, '[["VARCHAR"]]')) AS r)`;
  }
  const { text } = result.file;
  if (!text) throw new UnreadableResult(result);
  const size = Math.max(USUAL_ROW_BYTES, text.longest);
  return (
    `(SELECT r FROM read_json(${literal(text.path)}, format = 'array', records = false, columns = {r: 'VARCHAR[]'},` +
    ` compression = 'uncompressed', maximum_object_size = ${size}))`
  );
}

/** Runs what may read large results; it begins anew when one that it reads has been made readable. */
export async function withReadableResults<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof UnreadableResult)) throw error;
      const { file, chunks } = error.result;
      await file!.writeText(texts(chunks));
    }
  }
}

function* texts(chunks: StatementResult["chunks"]): Iterable<string> {
  for (const chunk of chunks) if (chunk.rowCount > 0) yield chunk.json;
}
