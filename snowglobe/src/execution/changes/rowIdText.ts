/**
 * METADATA$ROW_ID as DuckDB text: 40 hexadecimal digits, the same for a row in every stream on its table.
 *
 * @param origin what the row ids are unique in
 * @param rowIds DuckDB text of the ids of the stored rows that the row comes from
 */
export function rowIdText(origin: string, rowIds: readonly string[]): string {
  return `sha1(concat_ws('.', '${origin}', ${rowIds.join(", ")}))`;
}
