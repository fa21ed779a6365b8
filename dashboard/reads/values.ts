/** Values of the driver's rows as the snapshot carries them. */

/** Text; "" for NULL. */
export function text(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "");
}

/** Text; undefined for NULL and for empty text. */
export function optionalText(value: unknown): string | undefined {
  return text(value) || undefined;
}

/** A count; undefined for NULL. */
export function count(value: unknown): number | undefined {
  return value === null || value === undefined || value === "" ? undefined : Number(value);
}

/** A time in ISO 8601, UTC; undefined for NULL. SHOW gives times as Date or as text, by the server. */
export function instant(value: unknown): string | undefined {
  if (value === null || value === undefined || value === "") return undefined;
  const time = value instanceof Date ? value : new Date(text(value));
  return Number.isNaN(time.getTime()) ? undefined : new Date(time.getTime()).toISOString();
}
