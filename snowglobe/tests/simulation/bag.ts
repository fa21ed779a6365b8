/** Rows as text and how often each is there: tables have no order, and rows may be alike. */
import type { Cells } from "./account";

export type Bag = ReadonlyMap<string, number>;

export function bagOf(rows: readonly Cells[]): Bag {
  const bag = new Map<string, number>();
  for (const row of rows) addTo(bag, JSON.stringify(row), 1);
  return bag;
}

/** Adds a row, or takes it away for a negative count; rows that are there zero times are left out. */
export function addTo(bag: Map<string, number>, row: string, count: number): void {
  const now = (bag.get(row) ?? 0) + count;
  if (now === 0) bag.delete(row);
  else bag.set(row, now);
}

/** What has to be added to `from` to get `to`; empty when they are equal. */
export function difference(from: Bag, to: Bag): string[] {
  const left = new Map(to);
  for (const [row, count] of from) addTo(left, row, -count);
  return [...left].map(([row, count]) => `${count > 0 ? "+" : ""}${count} ${row}`).sort();
}

/** As `difference`, of values: a number may have more zeros behind the point in one of them. */
export function differenceOfValues(from: Bag, to: Bag): string[] {
  const wrong = difference(from, to);
  return wrong.length === 0 ? wrong : difference(withoutZeros(from), withoutZeros(to));
}

function withoutZeros(bag: Bag): Bag {
  const plain = new Map<string, number>();
  for (const [row, count] of bag) {
    const cells = (JSON.parse(row) as Cells).map((cell) => cell?.replace(/^(-?\d+)(?:\.0+|(\.\d*[1-9])0+)$/, "$1$2"));
    addTo(plain, JSON.stringify(cells), count);
  }
  return plain;
}

export function sizeOf(bag: Bag): number {
  return [...bag.values()].reduce((sum, count) => sum + count, 0);
}
