import { monthOf, type Month } from "./months";
import type { Random } from "./random";

/** Months over which a loan is paid back. */
export type Term = 36 | 60;

/** Grade A to G with a step 1 to 5; `rank` counts them from 0 (A1) to 34 (G5). */
export interface SubGrade {
  readonly rank: number;
  readonly grade: string;
  readonly subGrade: string;
}

const FIRST_60_MONTHS = monthOf(2010, 5);

/** How often each grade occurs; longer loans carry more risk. */
const GRADE_WEIGHTS: Readonly<Record<Term, readonly (readonly [string, number])[]>> = {
  36: [
    ["A", 30],
    ["B", 31],
    ["C", 20],
    ["D", 12],
    ["E", 5],
    ["F", 1.5],
    ["G", 0.5],
  ],
  60: [
    ["A", 6],
    ["B", 28],
    ["C", 20],
    ["D", 18],
    ["E", 17],
    ["F", 8],
    ["G", 3],
  ],
};

/** Rate of A1 in percent, and the rise per sub-grade, from the given month on: a price list as lenders change it. */
const PRICE_LIST: readonly (readonly [from: Month, a1: number, step: number])[] = [
  [monthOf(2007, 6), 7.12, 0.32],
  [monthOf(2008, 1), 7.37, 0.34],
  [monthOf(2008, 11), 7.68, 0.37],
  [monthOf(2009, 8), 7.05, 0.41],
  [monthOf(2010, 1), 6.76, 0.44],
  [monthOf(2010, 10), 5.42, 0.46],
  [monthOf(2011, 2), 5.42, 0.54],
  [monthOf(2011, 9), 6.03, 0.53],
];

/** 60 months are offered from May 2010 on. */
export function drawTerm(random: Random, issued: Month): Term {
  return issued >= FIRST_60_MONTHS && random.chance(0.37) ? 60 : 36;
}

export function drawSubGrade(random: Random, term: Term): SubGrade {
  const grade = random.weighted(GRADE_WEIGHTS[term]);
  const step = random.whole(1, 5);
  return { rank: (grade.charCodeAt(0) - 65) * 5 + step - 1, grade, subGrade: `${grade}${step}` };
}

/** Interest rate in percent a year: fixed by sub-grade and month of issue, and higher for each worse sub-grade. */
export function interestRate({ rank }: SubGrade, issued: Month): number {
  let [, a1, step] = PRICE_LIST[0]!;
  for (const [from, nextA1, nextStep] of PRICE_LIST) if (issued >= from) [a1, step] = [nextA1, nextStep];
  return Math.round((a1 + step * rank) * 100) / 100;
}

/**
 * Monthly payment of an annuity, in cents: P * r / (1 - (1 + r)^-n), rounded to the next cent.
 *
 * @param principal in cents
 * @param rate percent a year; 0 gives equal shares
 * @param months number of payments
 */
export function instalment(principal: number, rate: number, months: number): number {
  const r = rate / 1200;
  if (r === 0) return Math.round(principal / months);
  // Multiplied out, because the last digit of Math.pow is left to the engine.
  let growth = 1;
  for (let i = 0; i < months; i++) growth *= 1 + r;
  return Math.round((principal * r * growth) / (growth - 1));
}
