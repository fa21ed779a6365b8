import type { Column, NumberSource } from "../catalog/objects";
import { nextValueOf, type StatementWriter } from "../storage";

/** DuckDB text of the next number, as NUMBER(38,0). */
export function nextNumber({ sequenceId }: NumberSource): string {
  return `CAST(${nextValueOf(sequenceId)} AS DECIMAL(38,0))`;
}

/** As DESCRIBE TABLE and GET_DDL show it. */
export function identityText({ start, increment, ordered }: NumberSource): string {
  return `IDENTITY START ${start} INCREMENT ${increment} ${ordered ? "ORDER" : "NOORDER"}`;
}

/** A column's default as DESCRIBE shows it. */
export function defaultShown({ defaultText, identity }: Omit<Column, "physical">): string | undefined {
  return identity ? identityText(identity) : defaultText;
}

/** Makes the generators of new AUTOINCREMENT columns. */
export async function createIdentities(columns: readonly Column[], writer: StatementWriter): Promise<void> {
  for (const { identity } of columns) {
    if (identity) await writer.createSequence(identity.sequenceId, BigInt(identity.start), identity.increment);
  }
}

/**
 * Columns of a table that is made after another: each AUTOINCREMENT column has numbers of its own.
 *
 * @param goesOn they go on where the other's stand; else they begin anew
 */
export async function copyIdentities(
  columns: readonly Column[],
  goesOn: boolean,
  nextId: () => number,
  writer: StatementWriter,
): Promise<Column[]> {
  const copies: Column[] = [];
  for (const column of columns) {
    const { identity } = column;
    if (!identity) {
      copies.push(column);
      continue;
    }
    const copy = { ...identity, sequenceId: nextId() };
    const start = goesOn ? await writer.nextValue(identity.sequenceId) : BigInt(identity.start);
    await writer.createSequence(copy.sequenceId, start, copy.increment);
    copies.push({ ...column, identity: copy });
  }
  return copies;
}
