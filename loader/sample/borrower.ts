import type { Month } from "./months";
import type { Random } from "./random";
import { EMPLOYERS, EMPLOYMENT_LENGTHS, HOME_OWNERSHIPS, JOBS, VERIFICATIONS } from "./vocabulary";

/** Who borrows. Undefined is NULL in the table. */
export interface Borrower {
  readonly jobTitle?: string;
  readonly employmentLength: string;
  readonly homeOwnership: string;
  /** USD a year. */
  readonly income: number;
  readonly verification: string;
}

/** What the credit bureau says of a borrower when the loan is issued. */
export interface CreditReport {
  /** Monthly debt payments over monthly income, percent. */
  readonly debtToIncome: number;
  readonly revolvingBalance: number;
  /** Used share of the revolving credit as text (`83.7%`); undefined when there is no such credit. */
  readonly utilisation?: string;
  /** Undefined for the few early loans that have no report. */
  readonly history?: CreditHistory;
}

export interface CreditHistory {
  readonly firstLine: Month;
  readonly delinquencies: number;
  readonly inquiries: number;
  readonly monthsSinceDelinquency?: number;
  readonly monthsSinceRecord?: number;
  readonly openAccounts: number;
  readonly publicRecords: number;
  readonly totalAccounts: number;
}

/** Income in USD a year by share of borrowers. */
const INCOMES = [
  [0, 12_000],
  [0.05, 24_000],
  [0.25, 40_000],
  [0.5, 59_000],
  [0.75, 82_000],
  [0.95, 144_000],
  [0.99, 235_000],
  [1, 700_000],
] as const;

export function drawBorrower(random: Random): Borrower {
  const employmentLength = random.weighted(EMPLOYMENT_LENGTHS);
  const employed = employmentLength !== "n/a";
  const exact = random.chance(0.15);
  const income = random.fromQuantiles(INCOMES);
  return {
    jobTitle: employed && random.chance(0.96) ? random.pick(random.chance(0.5) ? JOBS : EMPLOYERS) : undefined,
    employmentLength,
    homeOwnership: random.weighted(HOME_OWNERSHIPS),
    // Most people state a round income.
    income: exact ? Math.round(income * 100) / 100 : Math.round(income / 1000) * 1000,
    verification: random.weighted(VERIFICATIONS),
  };
}

/**
 * @param issued month of the loan
 * @param rank of the sub-grade, 0 (A1) to 34 (G5): worse grades have worse reports
 * @param withHistory false for a loan without a report
 */
export function drawCreditReport(random: Random, issued: Month, rank: number, withHistory: boolean): CreditReport {
  const hasRevolving = withHistory && !random.chance(0.015);
  const limit = random.fromQuantiles([
    [0, 500],
    [0.25, 9_000],
    [0.5, 20_000],
    [0.75, 36_000],
    [0.95, 80_000],
    [1, 250_000],
  ]);
  const mean = 0.22 + 0.015 * rank;
  const used = Math.min(0.999, Math.max(0, mean + 0.25 * random.normal()));
  const tenths = Math.round(used * 1000);
  return {
    debtToIncome: withHistory ? Math.round(Math.min(29.99, Math.max(0, 13.4 + 6.7 * random.normal())) * 100) / 100 : 0,
    revolvingBalance: hasRevolving ? Math.round((limit * tenths) / 1000) : 0,
    utilisation: hasRevolving ? `${tenths / 10}%` : undefined,
    history: withHistory ? drawHistory(random, issued, rank) : undefined,
  };
}

function drawHistory(random: Random, issued: Month, rank: number): CreditHistory {
  const age = Math.round(
    random.fromQuantiles([
      [0, 36],
      [0.25, 110],
      [0.5, 155],
      [0.75, 210],
      [0.95, 320],
      [1, 560],
    ]),
  );
  const totalAccounts = 1 + random.whole(1, 16) + random.whole(0, 14) + (random.chance(0.2) ? random.whole(1, 40) : 0);
  const openAccounts = Math.min(totalAccounts, 1 + Math.round(totalAccounts * (0.2 + 0.4 * random.uniform())));
  const delinquentLately = random.chance(0.09 + 0.002 * rank);
  const delinquentEver = delinquentLately || random.chance(0.27);
  const monthsSinceDelinquency = delinquentLately
    ? random.whole(0, 23)
    : delinquentEver
      ? random.whole(24, Math.max(24, Math.min(age, 95)))
      : undefined;
  const hasRecord = random.chance(0.055);
  return {
    firstLine: issued - age,
    delinquencies: delinquentLately ? (random.chance(0.75) ? 1 : random.whole(2, 5)) : 0,
    inquiries: random.weighted([
      [0, 48],
      [1, 27],
      [2, 14],
      [3, 8],
      [4, 1],
      [5, 1],
      [6, 1],
    ] as const),
    monthsSinceDelinquency,
    monthsSinceRecord: hasRecord ? random.whole(Math.min(age, 24), Math.min(age, 119)) : undefined,
    openAccounts,
    publicRecords: hasRecord ? (random.chance(0.96) ? 1 : random.whole(2, 4)) : 0,
    totalAccounts,
  };
}
