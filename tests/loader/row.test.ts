import fc from "fast-check";
import { parse } from "csv-parse/sync";
import { COLUMNS, columnIndex } from "../../loader/columns";
import { SourceError } from "../../loader/errors";
import { checkRow } from "../../loader/row";

const HEADER = COLUMNS.map((column) => column.name);
const ORDER = HEADER.map((_name, index) => index);

/** A loan of which only the given columns hold something besides the id. */
function loan(values: Record<string, string> = {}): string[] {
  const fields = HEADER.map(() => "");
  fields[0] = "1077501";
  fields[1] = "1296599";
  for (const [name, value] of Object.entries(values)) fields[columnIndex(name)] = value;
  return fields;
}

function csvOf(fields: readonly string[]): string {
  const checked = checkRow(fields, ORDER, { row: 1 });
  if ("refused" in checked) throw new Error(`refused: ${checked.refused}`);
  return checked.csv;
}

function fieldOf(name: string, value: string): string {
  // Only numbers and NULL are asked for here, so a plain split finds them: nothing else is filled.
  return csvOf(loan({ [name]: value })).split(",")[columnIndex(name)]!;
}

describe("values", () => {
  test("text in quotes, numbers bare, NULL as nothing", () => {
    const csv = csvOf(loan({ TERM: "36 months", INT_RATE: "10.65", DESC: 'a, "b"\nc' }));
    expect(csv.startsWith('"1077501",1296599,,,,"36 months",10.65,,')).toBe(true);
    expect(csv).toContain(',"a, ""b""\nc",');
  });

  test.each([
    ["INT_RATE", "10.65%", "10.65"],
    ["INT_RATE", " 7.9 % ", "7.9"],
    ["LOAN_AMNT", "5000.0", "5000"],
    ["LOAN_AMNT", "-007.", "-7"],
    ["LOAN_AMNT", "+12", "12"],
    ["DTI", "1e3", "1e3"],
    ["DTI", ".5", ".5"],
    ["DTI", "   ", ""],
  ])("%s %p becomes %p", (column, text, expected) => {
    expect(fieldOf(column, text)).toBe(expected);
  });

  test.each([
    ["LOAN_AMNT", "5,000", "Row 7 (line 12), column LOAN_AMNT: '5,000' is not a whole number"],
    ["LOAN_AMNT", "5000.5", "Row 7 (line 12), column LOAN_AMNT: '5000.5' is not a whole number"],
    ["MEMBER_ID", "9".repeat(39), "column MEMBER_ID"],
    ["DTI", "twelve", "Row 7 (line 12), column DTI: 'twelve' is not a number"],
    ["DTI", "1e999", "is not a number"],
    ["DTI", "12%", "is not a number"],
    ["DTI", "NaN", "is not a number"],
    ["ANNUAL_INC", "x\n".repeat(50), "..."],
  ])("%s %p is an error that says where", (column, text, message) => {
    const check = (): unknown => checkRow(loan({ [column]: text }), ORDER, { row: 7, line: 12 });
    expect(check).toThrow(SourceError);
    expect(check).toThrow(message);
  });

  test("a wrong number of fields is an error", () => {
    expect(() => checkRow(loan().slice(0, 30), ORDER, { row: 3 })).toThrow("Row 3 has 30 fields, not 52");
    expect(() => checkRow([...loan(), ""], ORDER, { row: 3 })).toThrow("Row 3 has 53 fields, not 52");
    // What a file cut off in the midst of an id leaves behind.
    expect(() => checkRow(["1077501"], ORDER, { row: 3 })).toThrow("Row 3 has 1 fields");
  });

  test("any text comes back from the CSV as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const [fields] = parse(csvOf(loan({ DESC: text })), { record_delimiter: "\0\0" }) as string[][];
        expect(fields![columnIndex("DESC")]).toBe(text);
      }),
    );
  });

  test("every finite number is taken as it is", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(fieldOf("DTI", String(value)))).toBe(value + 0);
      }),
    );
  });
});

describe("refusals", () => {
  const summary = "Total amount funded in policy code 1: 460296150";

  test.each([
    ["alone", [summary]],
    ["with empty fields", [summary, ...Array<string>(51).fill("")]],
    ["a line of nothing", Array<string>(52).fill("")],
  ])("a remark, %s", (_name, fields) => {
    expect(checkRow(fields, ORDER, { row: 1 })).toEqual({
      refused: "a remark, not a loan (only its first field holds text)",
    });
  });

  test("a loan without an id", () => {
    expect(checkRow(loan({ LOAN_ID: " " }), ORDER, { row: 1 })).toEqual({ refused: "LOAN_ID is empty" });
  });
});

test("the state is told apart from its spelling", () => {
  expect(checkRow(loan({ ADDR_STATE: " ca " }), ORDER, { row: 1 })).toMatchObject({ state: "CA" });
});
