/** A cell of a result as text; a time in ISO 8601, nothing for NULL. */
export function cellText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "");
}
