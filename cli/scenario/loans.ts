import type { LoansByState } from "./stage";

/** Whether two tables of loans by state say the same. */
export function sameLoans(a: LoansByState, b: LoansByState): boolean {
  return a.size === b.size && [...a].every(([state, loans]) => b.get(state) === loans);
}

/** Whether a table of loans by state holds the loans of some of the states of another, and as many states as it may. */
export function isTopOf(table: LoansByState, all: LoansByState, most: number): boolean {
  return table.size === Math.min(most, all.size) && [...table].every(([state, loans]) => all.get(state) === loans);
}

/** `CA 7,429` or `10 states with 6,314 loans`. */
export function describe(loans: LoansByState): string {
  const count = (n: number): string => n.toLocaleString("en-US");
  const [first] = loans;
  if (!first) return "no loans";
  if (loans.size === 1) return `${first[0]} ${count(first[1])}`;
  return `${loans.size} states with ${count([...loans.values()].reduce((a, b) => a + b, 0))} loans`;
}
