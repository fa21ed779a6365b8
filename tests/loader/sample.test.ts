import { createHash } from "node:crypto";
import fc from "fast-check";
import { COLUMNS } from "../../loader/columns";
import { checkRow } from "../../loader/row";
import { SAMPLE_ROWS, SAMPLE_SEED, sampleLoans } from "../../loader/sample/generate";
import { monthOf, monthText, parseMonth } from "../../loader/sample/months";
import { instalment } from "../../loader/sample/pricing";
import { Random } from "../../loader/sample/random";
import { drawRepayment, SNAPSHOT } from "../../loader/sample/repayment";

type Loan = Record<string, string>;

const rows = [...sampleLoans()];
const loans: Loan[] = rows.map((fields) => Object.fromEntries(COLUMNS.map(({ name }, i) => [name, fields[i]!])));

const cents = (text: string | undefined): number => Math.round(Number(text) * 100);
const month = (text: string | undefined): number => parseMonth(text ?? "") ?? NaN;

/** Ids of the loans that break a rule; the first few, so that a failure can be read. */
function breaking(rule: (loan: Loan) => boolean): string[] {
  return loans
    .filter((loan) => !rule(loan))
    .slice(0, 3)
    .map((loan) => JSON.stringify(loan));
}

function countBy(key: (loan: Loan) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const loan of loans) counts[key(loan)] = (counts[key(loan)] ?? 0) + 1;
  return counts;
}

test("as many loans by state as the public file", () => {
  const expected =
    "CA 7429, NY 4065, FL 3104, TX 2915, NJ 1988, IL 1672, PA 1651, GA 1503, VA 1487, MA 1438, OH 1329, MD 1125, " +
    "AZ 933, WA 888, CO 857, NC 830, CT 816, MI 796, MO 765, MN 652, NV 527, WI 516, SC 489, AL 484, OR 468, LA 461, " +
    "KY 359, OK 317, KS 298, UT 278, AR 261, DC 224, RI 208, NM 205, NH 188, WV 187, HI 181, DE 136, MT 96, WY 87, " +
    "AK 86, SD 67, VT 57, TN 32, MS 26, IN 19, IA 12, NE 11, ID 9, ME 3";
  const pairs = expected.split(", ").map((pair) => pair.split(" ") as [string, string]);
  expect(countBy((loan) => loan.ADDR_STATE!)).toEqual(
    Object.fromEntries(pairs.map(([code, count]) => [code, Number(count)])),
  );
  expect(rows).toHaveLength(42_535);
  expect(SAMPLE_ROWS).toBe(42_535);
});

describe("the same rows everywhere", () => {
  test("the whole sample has this fingerprint", () => {
    const hash = createHash("sha256");
    for (const fields of rows) hash.update(`${JSON.stringify(fields)}\n`);
    expect(hash.digest("hex")).toBe("8b88ab5dd925fe809e422971c952c806a004d4295caecf08ee84528b0bd48ba9");
  });

  test("a seed gives the same rows again, another seed others", () => {
    const head = (seed: number): string[][] => {
      const found: string[][] = [];
      for (const fields of sampleLoans(seed)) if (found.push(fields) === 50) break;
      return found;
    };
    expect(head(SAMPLE_SEED)).toEqual(rows.slice(0, 50));
    expect(head(1)).toEqual(head(1));
    expect(head(1)).not.toEqual(head(2));
  });
});

test("every row passes the loader's own checks", () => {
  const order = COLUMNS.map((_column, index) => index);
  for (const [index, fields] of rows.entries()) {
    expect(fields).toHaveLength(52);
    const checked = checkRow(fields, order, { row: index + 1 });
    if ("refused" in checked) throw new Error(`row ${index + 1}: ${checked.refused}`);
  }
});

describe("each loan agrees with itself", () => {
  test("ids are unique and rise with the month of issue", () => {
    expect(new Set(loans.map((loan) => loan.LOAN_ID)).size).toBe(loans.length);
    expect(new Set(loans.map((loan) => loan.MEMBER_ID)).size).toBe(loans.length);
    const byId = [...loans].sort((one, other) => Number(one.LOAN_ID) - Number(other.LOAN_ID));
    const months = byId.map((loan) => month(loan.ISSUE_D));
    expect(months.every((value, index) => index === 0 || value >= months[index - 1]!)).toBe(true);
  });

  test("amounts: asked >= funded >= investors' part, in steps of 25 dollars", () => {
    expect(
      breaking((loan) => {
        const [asked, funded, investors] = [loan.LOAN_AMNT, loan.FUNDED_AMNT, loan.FUNDED_AMNT_INV].map(Number);
        const steps = asked! % 25 === 0 && funded! % 25 === 0;
        return (
          steps && asked! >= funded! && funded! >= investors! && funded! >= 500 && asked! <= 35_000 && investors! >= 0
        );
      }),
    ).toEqual([]);
  });

  test("instalment is the annuity of amount, rate and term", () => {
    expect(
      breaking((loan) => {
        const r = Number(loan.INT_RATE) / 1200;
        const months = Number(loan.TERM!.split(" ")[0]);
        const exact = (Number(loan.FUNDED_AMNT) * r) / (1 - (1 + r) ** -months);
        return /^(36|60) months$/.test(loan.TERM!) && Math.abs(Number(loan.INSTALLMENT) - exact) < 0.0051;
      }),
    ).toEqual([]);
  });

  test("sub-grade belongs to the grade, and month and sub-grade fix the rate, higher for worse ones", () => {
    expect(breaking((loan) => /^[A-G][1-5]$/.test(loan.SUB_GRADE!) && loan.SUB_GRADE![0] === loan.GRADE)).toEqual([]);
    const byMonth = new Map<string, Map<string, Set<number>>>();
    for (const loan of loans) {
      const grades = byMonth.get(loan.ISSUE_D!) ?? new Map<string, Set<number>>();
      byMonth.set(loan.ISSUE_D!, grades);
      grades.set(loan.SUB_GRADE!, (grades.get(loan.SUB_GRADE!) ?? new Set()).add(Number(loan.INT_RATE)));
    }
    for (const grades of byMonth.values()) {
      const rates = [...grades].sort(([one], [other]) => one.localeCompare(other)).map(([, set]) => [...set]);
      expect(rates.every((set) => set.length === 1)).toBe(true);
      const flat = rates.flat();
      expect(flat.every((rate, index) => index === 0 || rate > flat[index - 1]!)).toBe(true);
    }
  });

  test("paid = principal + interest + late fees + recoveries, as in the public file", () => {
    expect(
      breaking(
        (loan) =>
          cents(loan.TOTAL_PYMNT) ===
          cents(loan.TOTAL_REC_PRNCP) +
            cents(loan.TOTAL_REC_INT) +
            cents(loan.TOTAL_REC_LATE_FEE) +
            cents(loan.RECOVERIES),
      ),
    ).toEqual([]);
  });

  test("principal received and outstanding make up the loan, unless it was charged off", () => {
    expect(
      breaking((loan) => {
        const funded = cents(loan.FUNDED_AMNT);
        const sum = cents(loan.TOTAL_REC_PRNCP) + cents(loan.OUT_PRNCP);
        return loan.LOAN_STATUS!.endsWith("Charged Off") ? sum < funded : sum === funded;
      }),
    ).toEqual([]);
    expect(
      breaking((loan) => cents(loan.OUT_PRNCP) === 0 || /^(Current|Late|In Grace|Default)/.test(loan.LOAN_STATUS!)),
    ).toEqual([]);
  });

  test("investors' parts are in proportion", () => {
    expect(
      breaking((loan) => {
        const share = Number(loan.FUNDED_AMNT_INV) / Number(loan.FUNDED_AMNT);
        const close = (part: string, whole: string): boolean =>
          Math.abs(Number(loan[part]) - Number(loan[whole]) * share) < 0.011;
        return close("TOTAL_PYMNT_INV", "TOTAL_PYMNT") && close("OUT_PRNCP_INV", "OUT_PRNCP");
      }),
    ).toEqual([]);
  });

  test("recoveries only after a charge-off, the fee is a part of them", () => {
    expect(
      breaking((loan) => {
        const [recovered, fee] = [Number(loan.RECOVERIES), Number(loan.COLLECTION_RECOVERY_FEE)];
        return fee! <= recovered! && (recovered === 0 || loan.LOAN_STATUS!.endsWith("Charged Off"));
      }),
    ).toEqual([]);
  });

  test("dates follow each other: first credit line, issue, last payment, next payment", () => {
    expect(
      breaking((loan) => {
        const issued = month(loan.ISSUE_D);
        const first = loan.EARLIEST_CR_LINE === "" ? issued - 36 : month(loan.EARLIEST_CR_LINE);
        const last = loan.LAST_PYMNT_D === "" ? issued : month(loan.LAST_PYMNT_D);
        const next = loan.NEXT_PYMNT_D === "" ? SNAPSHOT + 1 : month(loan.NEXT_PYMNT_D);
        const pull = month(loan.LAST_CREDIT_PULL_D);
        const term = Number(loan.TERM!.split(" ")[0]);
        return (
          issued >= monthOf(2007, 6) &&
          issued <= monthOf(2011, 12) &&
          first <= issued - 36 &&
          last >= issued &&
          last <= Math.min(SNAPSHOT, issued + term) &&
          next === SNAPSHOT + 1 &&
          pull >= last &&
          pull <= SNAPSHOT
        );
      }),
    ).toEqual([]);
    expect(breaking((loan) => (loan.NEXT_PYMNT_D === "") === (cents(loan.OUT_PRNCP) === 0))).toEqual([]);
    expect(breaking((loan) => (loan.LAST_PYMNT_D === "") === (cents(loan.LAST_PYMNT_AMNT) === 0))).toEqual([]);
    expect(breaking((loan) => loan.LAST_PYMNT_D !== "" || cents(loan.TOTAL_PYMNT) === cents(loan.RECOVERIES))).toEqual(
      [],
    );
  });

  test("60 months are offered from May 2010 on, more than 25,000 dollars from 2011 on", () => {
    expect(breaking((loan) => loan.TERM === "36 months" || month(loan.ISSUE_D) >= monthOf(2010, 5))).toEqual([]);
    expect(breaking((loan) => Number(loan.LOAN_AMNT) <= 25_000 || month(loan.ISSUE_D) >= monthOf(2011, 1))).toEqual([]);
  });

  test("the credit report agrees with itself", () => {
    expect(
      breaking((loan) => {
        const since = loan.MTHS_SINCE_LAST_DELINQ;
        const age = month(loan.ISSUE_D) - month(loan.EARLIEST_CR_LINE);
        if (loan.EARLIEST_CR_LINE === "") {
          return [loan.OPEN_ACC, loan.TOTAL_ACC, loan.PUB_REC, loan.DELINQ_2_YRS, loan.INQ_LAST_6_MTHS, since].every(
            (value) => value === "",
          );
        }
        return (
          Number(loan.OPEN_ACC) <= Number(loan.TOTAL_ACC) &&
          Number(loan.DELINQ_2_YRS) > 0 === (since !== "" && Number(since) < 24) &&
          Number(loan.PUB_REC) > 0 === (loan.MTHS_SINCE_LAST_RECORD !== "") &&
          (since === "" || Number(since) <= age) &&
          Number(loan.MTHS_SINCE_LAST_RECORD) <= age
        );
      }),
    ).toEqual([]);
    expect(
      breaking(
        (loan) => /^(\d{1,2}(\.\d)?%)?$/.test(loan.REVOL_UTIL!) && (loan.REVOL_UTIL !== "" || loan.REVOL_BAL === "0"),
      ),
    ).toEqual([]);
    expect(breaking((loan) => Number(loan.DTI) >= 0 && Number(loan.DTI) <= 29.99)).toEqual([]);
  });

  test("who has no employment names no job", () => {
    expect(breaking((loan) => loan.EMP_LENGTH !== "n/a" || loan.EMP_TITLE === "")).toEqual([]);
  });

  test("places, notes and addresses have the file's form", () => {
    expect(breaking((loan) => /^\d{3}xx$/.test(loan.ZIP_CODE!))).toEqual([]);
    expect(breaking((loan) => loan.URL === `https://example.com/synthetic-loans/${loan.LOAN_ID}`)).toEqual([]);
    expect(
      breaking((loan) => {
        for (const [, mm, yy] of loan.DESC!.matchAll(/Borrower added on (\d\d)\/\d\d\/(\d\d) > /g)) {
          const written = monthOf(2000 + Number(yy), Number(mm));
          if (written > month(loan.ISSUE_D) || written < month(loan.ISSUE_D) - 1) return false;
        }
        return loan.DESC === "" || loan.DESC!.startsWith("Borrower added on ");
      }),
    ).toEqual([]);
  });
});

describe("the sample as a whole", () => {
  test("2,749 loans outside the credit policy, the last ones of the file", () => {
    const outside = loans.map((loan) => loan.LOAN_STATUS!.startsWith("Does not meet the credit policy. Status:"));
    expect(outside.filter(Boolean)).toHaveLength(2749);
    expect(outside.lastIndexOf(false)).toBe(loans.length - 2749 - 1);
  });

  test("all statuses, grades, terms and purposes occur, the usual ones most often", () => {
    const statuses = countBy((loan) => loan.LOAN_STATUS!);
    expect(Object.keys(statuses).sort()).toEqual([
      "Charged Off",
      "Current",
      "Default",
      "Does not meet the credit policy. Status:Charged Off",
      "Does not meet the credit policy. Status:Fully Paid",
      "Fully Paid",
      "In Grace Period",
      "Late (16-30 days)",
      "Late (31-120 days)",
    ]);
    const paid = statuses["Fully Paid"]! / loans.length;
    expect(paid).toBeGreaterThan(0.65);
    expect(paid).toBeLessThan(0.9);
    expect(Object.keys(countBy((loan) => loan.SUB_GRADE!))).toHaveLength(35);
    expect(Object.keys(countBy((loan) => loan.PURPOSE!))).toHaveLength(14);
    expect(Object.keys(countBy((loan) => loan.ISSUE_D!))).toHaveLength(55);
  });

  test("NULLs where the public file has them, and nowhere else", () => {
    const nulls: Record<string, number> = {};
    for (const loan of loans)
      for (const [name, value] of Object.entries(loan)) if (value === "") nulls[name] = (nulls[name] ?? 0) + 1;
    expect(Object.keys(nulls).sort()).toEqual([
      "ANNUAL_INC",
      "COLLECTIONS_12_MTHS_EX_MED",
      "DELINQ_2_YRS",
      "DESC",
      "EARLIEST_CR_LINE",
      "EMP_TITLE",
      "INQ_LAST_6_MTHS",
      "LAST_PYMNT_D",
      "MTHS_SINCE_LAST_DELINQ",
      "MTHS_SINCE_LAST_MAJOR_DEROG",
      "MTHS_SINCE_LAST_RECORD",
      "NEXT_PYMNT_D",
      "OPEN_ACC",
      "PUB_REC",
      "REVOL_UTIL",
      "TITLE",
      "TOTAL_ACC",
    ]);
    expect(nulls.MTHS_SINCE_LAST_MAJOR_DEROG).toBe(loans.length);
    expect(nulls.TOTAL_ACC).toBe(29);
    expect(nulls.MTHS_SINCE_LAST_DELINQ! / loans.length).toBeGreaterThan(0.5);
    expect(nulls.MTHS_SINCE_LAST_RECORD! / loans.length).toBeGreaterThan(0.85);
  });

  test("notes put CSV quoting to the test", () => {
    const notes = loans.map((loan) => loan.DESC!);
    for (const mark of [",", '"', "\n", "<br/>", "&"]) {
      const texts = mark === "&" ? loans.map((loan) => loan.TITLE!) : notes;
      expect(texts.filter((text) => text.includes(mark)).length).toBeGreaterThan(100);
    }
  });
});

describe("arithmetic of a loan, for any amount and rate", () => {
  const principal = fc.integer({ min: 20, max: 1400 }).map((steps) => steps * 2500);
  const rate = fc.integer({ min: 100, max: 3000 }).map((hundredths) => hundredths / 100);
  const term = fc.constantFrom(36 as const, 60 as const);

  test("instalments pay the loan off to within half a cent each", () => {
    fc.assert(
      fc.property(principal, rate, term, (amount, percent, months) => {
        const monthly = instalment(amount, percent, months);
        const r = percent / 1200;
        let present = 0;
        for (let i = 1; i <= months; i++) present += monthly * (1 + r) ** -i;
        expect(Math.abs(present - amount)).toBeLessThanOrEqual(months * 0.5 + 1e-6);
      }),
    );
  });

  test("without interest the shares are equal", () => {
    expect(instalment(360_000, 0, 36)).toBe(10_000);
  });

  test("however it goes, the books balance", () => {
    const issued = fc.integer({ min: monthOf(2007, 6), max: monthOf(2011, 12) });
    const risk = fc.constantFrom(0, 0.5, 1);
    fc.assert(
      fc.property(fc.integer(), principal, rate, term, issued, risk, (seed, amount, percent, months, start, chance) => {
        const terms = { principal: amount, rate: percent, term: months, issued: start };
        const result = drawRepayment(new Random(seed), terms, chance);
        const lost = result.status === "Charged Off" ? amount - result.principal : 0;
        expect(result.principal + result.outstanding + lost).toBe(amount);
        expect(result.interest).toBeGreaterThanOrEqual(0);
        expect(result.recoveries).toBeLessThanOrEqual(lost);
        expect(result.lastPaid ?? start).toBeLessThanOrEqual(SNAPSHOT);
        expect(result.nextDue === undefined).toBe(result.outstanding === 0);
      }),
      { numRuns: 500 },
    );
  });
});

test("months are written and read", () => {
  expect(monthText(monthOf(2011, 12))).toBe("Dec-2011");
  expect(parseMonth("Dec-2011")).toBe(monthOf(2011, 12));
  expect(parseMonth("Dez-2011")).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: 1000 * 12, max: 9999 * 12 }), (value) => parseMonth(monthText(value)) === value),
  );
});
