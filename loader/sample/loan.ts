import { drawBorrower, drawCreditReport } from "./borrower";
import { drawDescription } from "./description";
import { monthOf, monthText, type Month } from "./months";
import { drawSubGrade, drawTerm, instalment, interestRate } from "./pricing";
import type { Random } from "./random";
import { drawRepayment, SNAPSHOT, type Repayment } from "./repayment";
import { STATES } from "./states";
import { PURPOSES, TITLES } from "./vocabulary";

/** What is settled about a loan before the rest is drawn. */
export interface LoanPlan {
  readonly loanId: number;
  readonly memberId: number;
  readonly issued: Month;
  readonly state: string;
  /** False for the loans that would not be granted under today's policy. */
  readonly meetsPolicy: boolean;
  /** False for the few early loans without a credit report. */
  readonly hasCreditReport: boolean;
}

const LARGE_LOANS_FROM = monthOf(2011, 1);
/** Loans of this month and earlier carry no count of collections. */
const NO_COLLECTIONS_BEFORE = monthOf(2007, 9);

const AMOUNTS = [
  [0, 1_000],
  [0.25, 5_200],
  [0.5, 9_700],
  [0.75, 15_000],
  [0.92, 25_000],
  [1, 35_000],
] as const;

const ZIPS = new Map(STATES.map(({ code, zip }) => [code, zip]));

/** Dollars as the file writes them. */
const usd = (cents: number): string => String(cents / 100);
const optional = (value: number | string | undefined): string => (value === undefined ? "" : String(value));
const optionalMonth = (month: Month | undefined): string => (month === undefined ? "" : monthText(month));

/** Draws one synthetic loan: the 52 fields in the table's order, "" for NULL. */
export function drawLoan(random: Random, plan: LoanPlan): string[] {
  const { issued } = plan;
  const term = drawTerm(random, issued);
  const grade = drawSubGrade(random, term);
  const rate = interestRate(grade, issued);
  const borrower = drawBorrower(random);
  const asked = drawAmount(random, issued, borrower.income);
  const funded = random.chance(0.93) ? asked : roundAmount(asked * (0.5 + 0.45 * random.uniform()));
  const byInvestors = drawInvestorsPart(random, funded, issued);
  const purpose = random.weighted(PURPOSES);
  const title = random.chance(0.9995) ? random.pick(TITLES[purpose]!) : undefined;
  const description = drawDescription(random, issued, purpose);
  const [firstZip, lastZip] = ZIPS.get(plan.state)!;
  const zip = String(random.whole(firstZip, lastZip)).padStart(3, "0");
  const report = drawCreditReport(random, issued, grade.rank, plan.hasCreditReport);
  const history = report.history;
  const risk = Math.min(0.6, (0.05 + 0.009 * grade.rank + (term === 60 ? 0.05 : 0)) * (plan.meetsPolicy ? 1 : 1.7));
  const repayment = drawRepayment(random, { principal: funded * 100, rate, term, issued }, risk);
  const paid = repayment.principal + repayment.interest + repayment.lateFees + repayment.recoveries;
  const investorsShare = byInvestors / (funded * 100);
  return [
    String(plan.loanId),
    String(plan.memberId),
    String(asked),
    String(funded),
    usd(byInvestors),
    `${term} months`,
    String(rate),
    usd(instalment(funded * 100, rate, term)),
    grade.grade,
    grade.subGrade,
    optional(borrower.jobTitle),
    borrower.employmentLength,
    borrower.homeOwnership,
    // Four early loans state no income in the public file; those without a credit report stand for them.
    plan.hasCreditReport || random.chance(0.86) ? String(borrower.income) : "",
    borrower.verification,
    monthText(issued),
    plan.meetsPolicy ? repayment.status : `Does not meet the credit policy. Status:${repayment.status}`,
    "n",
    `https://example.com/synthetic-loans/${plan.loanId}`,
    optional(description),
    purpose,
    optional(title),
    `${zip}xx`,
    plan.state,
    String(report.debtToIncome),
    optional(history?.delinquencies),
    optionalMonth(history?.firstLine),
    optional(history?.inquiries),
    optional(history?.monthsSinceDelinquency),
    optional(history?.monthsSinceRecord),
    optional(history?.openAccounts),
    optional(history?.publicRecords),
    String(report.revolvingBalance),
    optional(report.utilisation),
    optional(history?.totalAccounts),
    "f",
    usd(repayment.outstanding),
    usd(Math.round(repayment.outstanding * investorsShare)),
    usd(paid),
    usd(Math.round(paid * investorsShare)),
    usd(repayment.principal),
    usd(repayment.interest),
    usd(repayment.lateFees),
    usd(repayment.recoveries),
    usd(repayment.collectionFee),
    optionalMonth(repayment.lastPaid),
    usd(repayment.lastPayment),
    optionalMonth(repayment.nextDue),
    monthText(drawLastPull(random, issued, repayment)),
    issued < NO_COLLECTIONS_BEFORE ? "" : "0",
    "",
    "1",
  ];
}

/** Loans come in steps of 25 dollars, most of them in round hundreds. */
function roundAmount(amount: number): number {
  return Math.max(500, Math.round(amount / 25) * 25);
}

/** An amount that fits the month's limit and the income, USD. */
function drawAmount(random: Random, issued: Month, income: number): number {
  const limit = Math.min(issued >= LARGE_LOANS_FROM ? 35_000 : 25_000, income * 0.45);
  const amount = Math.min(limit, random.fromQuantiles(AMOUNTS));
  const step = random.weighted([
    [1000, 55],
    [500, 15],
    [100, 15],
    [25, 15],
  ] as const);
  const rounded = Math.floor(amount / step) * step;
  return roundAmount(rounded === 0 ? amount : rounded);
}

/** What investors took of the loan, in cents: in the first years often far less than all of it. */
function drawInvestorsPart(random: Random, funded: number, issued: Month): number {
  const cents = funded * 100;
  if (issued < monthOf(2009, 1) && random.chance(0.7)) return Math.round(cents * (0.02 + 0.95 * random.uniform()));
  if (random.chance(0.45)) return cents;
  return Math.max(0, cents - 2500 * random.whole(1, Math.max(1, Math.floor(funded / 250))));
}

/** Credit reports of a running loan are fresh; after its end the last one may be years old. */
function drawLastPull(random: Random, issued: Month, { lastPaid, outstanding }: Repayment): Month {
  if (outstanding > 0) return SNAPSHOT;
  return random.whole(lastPaid ?? issued, SNAPSHOT);
}
