/**
 * The built-in sample: synthetic loans in the form of the public file of 2007 to 2011. Nobody in it exists; every value
 * is drawn from a seeded generator. Only the number of loans by state is that of the public file.
 */
import { drawLoan, type LoanPlan } from "./loan";
import { monthOf, type Month } from "./months";
import { Random } from "./random";
import { SAMPLE_ROWS, STATES } from "./states";

/** Seed of the sample that the workshop uses. */
export const SAMPLE_SEED = 20111231;

/** Loans that would not meet today's credit policy, as many as in the public file; they stand at its end. */
const OUTSIDE_POLICY = 2749;
const FIRST_MONTH = monthOf(2007, 6);
const LAST_MONTH = monthOf(2011, 12);
const LAST_MONTH_OUTSIDE_POLICY = monthOf(2010, 12);
/** Early loans without a credit report. */
const WITHOUT_REPORT = 29;

/** Loans by year of issue; within a year each month brings more than the one before. */
const YEARS: readonly (readonly [year: number, loans: number])[] = [
  [2007, 600],
  [2008, 2400],
  [2009, 5300],
  [2010, 12500],
  [2011, 21700],
];

/**
 * Every loan of the sample, one after the other: 52 fields in the table's order, "" for NULL. Newest first, and those
 * outside the credit policy last, as in the public file.
 *
 * @param seed the same seed gives the same rows, on every machine
 */
export function* sampleLoans(seed: number = SAMPLE_SEED): Generator<string[], void> {
  const random = new Random(seed);
  for (const plan of plans(random)) yield drawLoan(random, plan);
}

function plans(random: Random): LoanPlan[] {
  const states = STATES.flatMap(({ code, loans }) => Array.from({ length: loans }, () => code));
  random.shuffle(states);
  const inside = monthWeights(LAST_MONTH);
  const outside = monthWeights(LAST_MONTH_OUTSIDE_POLICY);
  const drafts = states.map((state, row) => {
    const meetsPolicy = row >= OUTSIDE_POLICY;
    return { state, meetsPolicy, issued: random.weighted(meetsPolicy ? inside : outside) };
  });
  // Oldest first while ids are given out: ids rise with time.
  drafts.sort((one, other) => one.issued - other.issued);
  let loanId = 54_000;
  let memberId = 70_000;
  let withoutReport = WITHOUT_REPORT;
  const all = drafts.map((draft): LoanPlan => {
    loanId += random.whole(1, 47);
    memberId += random.whole(2, 57);
    const hasCreditReport = draft.meetsPolicy || withoutReport === 0;
    if (!hasCreditReport) withoutReport--;
    return { ...draft, loanId, memberId, hasCreditReport };
  });
  all.reverse();
  return [...all.filter((plan) => plan.meetsPolicy), ...all.filter((plan) => !plan.meetsPolicy)];
}

function monthWeights(last: Month): (readonly [Month, number])[] {
  const weights: (readonly [Month, number])[] = [];
  for (const [year, loans] of YEARS) {
    const first = Math.max(FIRST_MONTH, monthOf(year, 1));
    const end = Math.min(last, monthOf(year, 12));
    const months = monthOf(year, 12) - first + 1;
    for (let month = first; month <= end; month++) {
      // From two thirds to four thirds of the year's mean.
      const rise = months === 1 ? 1 : 2 / 3 + ((2 / 3) * (month - first)) / (months - 1);
      weights.push([month, (loans / months) * rise]);
    }
  }
  return weights;
}

/** Rows in the sample. */
export { SAMPLE_ROWS };
