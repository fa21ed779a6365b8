/** A column of the loans table: its Snowflake type and what it means (the comment that the table carries). */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly comment: string;
}

/** `NUMBER(38,0)` holds whole numbers; `FLOAT` any number; `VARCHAR` text as it stands in the source. */
export type ColumnType = "VARCHAR" | "NUMBER(38,0)" | "FLOAT";

const text = (name: string, comment: string): Column => ({ name, type: "VARCHAR", comment });
const whole = (name: string, comment: string): Column => ({ name, type: "NUMBER(38,0)", comment });
const float = (name: string, comment: string): Column => ({ name, type: "FLOAT", comment });

/** The 52 columns of PERSONAL_LOANS in their order. */
export const COLUMNS: readonly Column[] = [
  text("LOAN_ID", "Unique id of the loan"),
  whole("MEMBER_ID", "Unique id of the borrower"),
  whole("LOAN_AMNT", "Amount applied for, USD"),
  whole("FUNDED_AMNT", "Amount committed to the loan in total, USD"),
  float("FUNDED_AMNT_INV", "Amount committed by investors, USD"),
  text("TERM", "Number of monthly payments: 36 months or 60 months"),
  float("INT_RATE", "Interest rate, percent a year"),
  float("INSTALLMENT", "Monthly payment, USD"),
  text("GRADE", "Credit grade, A to G"),
  text("SUB_GRADE", "Credit sub-grade, A1 to G5"),
  text("EMP_TITLE", "Job title as the borrower wrote it"),
  text("EMP_LENGTH", "Length of employment, < 1 year to 10+ years, or n/a"),
  text("HOME_OWNERSHIP", "RENT, MORTGAGE, OWN, OTHER or NONE"),
  float("ANNUAL_INC", "Income as the borrower stated it, USD a year"),
  text("VERIFICATION_STATUS", "Whether the income was verified, or its source"),
  text("ISSUE_D", "Month in which the loan was funded, as Dec-2011"),
  text("LOAN_STATUS", "Present status of the loan"),
  text("PYMNT_PLAN", "Whether a payment plan is in place: y or n"),
  text("URL", "Page of the listing"),
  text("DESC", "Description as the borrower wrote it"),
  text("PURPOSE", "Category of the loan's purpose"),
  text("TITLE", "Title as the borrower wrote it"),
  text("ZIP_CODE", "First three digits of the postal code, as 860xx"),
  text("ADDR_STATE", "Two-letter code of the borrower's state"),
  float("DTI", "Monthly debt payments over monthly income, percent"),
  float("DELINQ_2_YRS", "Delinquencies of 30 days or more in the past 2 years"),
  text("EARLIEST_CR_LINE", "Month in which the first credit line was opened"),
  float("INQ_LAST_6_MTHS", "Credit inquiries in the past 6 months"),
  float("MTHS_SINCE_LAST_DELINQ", "Months since the last delinquency"),
  float("MTHS_SINCE_LAST_RECORD", "Months since the last public record"),
  float("OPEN_ACC", "Open credit lines"),
  float("PUB_REC", "Derogatory public records"),
  whole("REVOL_BAL", "Revolving balance, USD"),
  text("REVOL_UTIL", "Used part of the revolving credit, as 83.7%"),
  float("TOTAL_ACC", "Credit lines in total"),
  text("INITIAL_LIST_STATUS", "Listing status at first: f or w"),
  float("OUT_PRNCP", "Outstanding principal, USD"),
  float("OUT_PRNCP_INV", "Outstanding principal of the investors' part, USD"),
  float("TOTAL_PYMNT", "Paid to date, recoveries included, USD"),
  float("TOTAL_PYMNT_INV", "Paid to date on the investors' part, recoveries included, USD"),
  float("TOTAL_REC_PRNCP", "Principal received to date, USD"),
  float("TOTAL_REC_INT", "Interest received to date, USD"),
  float("TOTAL_REC_LATE_FEE", "Late fees received to date, USD"),
  float("RECOVERIES", "Recovered after charge-off, USD"),
  float("COLLECTION_RECOVERY_FEE", "Collection fee after charge-off, USD"),
  text("LAST_PYMNT_D", "Month of the last payment"),
  float("LAST_PYMNT_AMNT", "Last payment, USD"),
  text("NEXT_PYMNT_D", "Month of the next payment due"),
  text("LAST_CREDIT_PULL_D", "Month of the last credit report"),
  float("COLLECTIONS_12_MTHS_EX_MED", "Collections in 12 months, medical ones excluded"),
  float("MTHS_SINCE_LAST_MAJOR_DEROG", "Months since the last rating of 90 days late or worse"),
  whole("POLICY_CODE", "1: publicly available product"),
];

/**
 * Other headings under which the source may carry a column. The loader of the original workshop normalised
 * `DELINQ_2YRS` to `DELINQ_2_YRS`; the lender's own file calls the first column `id`.
 */
export const HEADER_ALIASES: ReadonlyMap<string, string> = new Map([
  ["DELINQ_2YRS", "DELINQ_2_YRS"],
  ["INQ_LAST_6MTHS", "INQ_LAST_6_MTHS"],
  ["ID", "LOAN_ID"],
]);

/** Position of a column in {@link COLUMNS}. */
export function columnIndex(name: string): number {
  const index = COLUMNS.findIndex((column) => column.name === name);
  if (index < 0) throw new Error(`No column ${name} in PERSONAL_LOANS`);
  return index;
}
