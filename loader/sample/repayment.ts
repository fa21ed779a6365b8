import { monthOf, type Month } from "./months";
import { instalment, type Term } from "./pricing";
import type { Random } from "./random";

/** The month in which the file was drawn: nothing in it is later, except payments to come. */
export const SNAPSHOT: Month = monthOf(2016, 5);

/** What was lent, amounts in cents. */
export interface Terms {
  readonly principal: number;
  /** Percent a year. */
  readonly rate: number;
  readonly term: Term;
  readonly issued: Month;
}

/** How a loan has gone up to {@link SNAPSHOT}, amounts in cents. */
export interface Repayment {
  readonly status: string;
  readonly outstanding: number;
  readonly principal: number;
  readonly interest: number;
  readonly lateFees: number;
  readonly recoveries: number;
  readonly collectionFee: number;
  readonly lastPayment: number;
  /** Undefined when nothing was ever paid. */
  readonly lastPaid?: Month;
  /** Undefined when nothing is due any more. */
  readonly nextDue?: Month;
}

/** Late-payment fee, in cents. */
const LATE_FEE = 1500;

/** Statuses of loans with payments missed lately, by the number of months missed. */
const LATE_STATUS = ["In Grace Period", "Late (16-30 days)", "Late (31-120 days)", "Late (31-120 days)", "Default"];

interface Ledger {
  balance: number;
  principal: number;
  interest: number;
  last: number;
}

/** Pays `count` regular instalments. Interest is rounded to the cent each month, as a servicer books it. */
function pay({ principal, rate, term }: Terms, count: number): Ledger {
  const monthly = instalment(principal, rate, term);
  const ledger: Ledger = { balance: principal, principal: 0, interest: 0, last: 0 };
  for (let i = 1; i <= count; i++) {
    // The very last one clears what the rounding left over.
    payOnce(ledger, rate, i === term ? Infinity : monthly);
  }
  return ledger;
}

/** Pays the month's interest and as much principal as `amount` allows. */
function payOnce(ledger: Ledger, rate: number, amount: number): void {
  const interest = Math.round((ledger.balance * rate) / 1200);
  const principal = Math.min(ledger.balance, amount - interest);
  ledger.balance -= principal;
  ledger.principal += principal;
  ledger.interest += interest;
  ledger.last = principal + interest;
}

/**
 * Draws how a loan goes: paid to the end, paid early, charged off, or still running at the snapshot.
 *
 * @param risk chance of a charge-off, 0 to 1
 */
export function drawRepayment(random: Random, terms: Terms, risk: number): Repayment {
  const elapsed = Math.min(terms.term, SNAPSHOT - terms.issued);
  if (random.chance(risk)) return chargedOff(random, terms, elapsed);
  if (random.chance(0.55)) return paidEarly(random, terms, random.whole(1, terms.term - 1), elapsed);
  return elapsed === terms.term ? paidToTheEnd(random, terms) : running(random, terms, elapsed);
}

function lateFees(random: Random, chance: number): number {
  return random.chance(chance) ? LATE_FEE * random.whole(1, 4) : 0;
}

function paidToTheEnd(random: Random, terms: Terms): Repayment {
  const ledger = pay(terms, terms.term);
  return closed("Fully Paid", ledger, terms.issued + terms.term, lateFees(random, 0.05));
}

function paidEarly(random: Random, terms: Terms, month: number, elapsed: number): Repayment {
  if (month > elapsed) return running(random, terms, elapsed);
  const ledger = pay(terms, month - 1);
  payOnce(ledger, terms.rate, Infinity);
  return closed("Fully Paid", ledger, terms.issued + month, lateFees(random, 0.02));
}

function closed(status: string, ledger: Ledger, lastPaid: Month, fees: number): Repayment {
  return {
    status,
    outstanding: 0,
    principal: ledger.principal,
    interest: ledger.interest,
    lateFees: fees,
    recoveries: 0,
    collectionFee: 0,
    lastPayment: ledger.last,
    lastPaid,
  };
}

/** A loan is charged off five months after the last payment; what a collector brings in later is a recovery. */
function chargedOff(random: Random, terms: Terms, elapsed: number): Repayment {
  const monthsToChargeOff = 5;
  const paid = random.chance(0.012) ? 0 : random.whole(1, Math.max(1, elapsed - monthsToChargeOff));
  const ledger = pay(terms, paid);
  const recoveries = random.chance(0.6) ? Math.round(ledger.balance * random.uniform() * 0.12) : 0;
  return {
    status: "Charged Off",
    outstanding: 0,
    principal: ledger.principal,
    interest: ledger.interest,
    lateFees: paid === 0 ? 0 : lateFees(random, 0.2),
    recoveries,
    collectionFee: Math.round(recoveries * random.uniform() * 0.18),
    lastPayment: ledger.last,
    lastPaid: paid === 0 ? undefined : terms.issued + paid,
  };
}

function running(random: Random, terms: Terms, elapsed: number): Repayment {
  const missed = random.chance(0.06) ? random.whole(1, LATE_STATUS.length) : 0;
  const paid = elapsed - missed;
  const ledger = pay(terms, paid);
  return {
    status: missed === 0 ? "Current" : LATE_STATUS[missed - 1]!,
    outstanding: ledger.balance,
    principal: ledger.principal,
    interest: ledger.interest,
    lateFees: missed > 1 ? LATE_FEE * (missed - 1) : 0,
    recoveries: 0,
    collectionFee: 0,
    lastPayment: ledger.last,
    lastPaid: terms.issued + paid,
    nextDue: SNAPSHOT + 1,
  };
}
