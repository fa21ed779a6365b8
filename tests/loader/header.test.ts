import { COLUMNS } from "../../loader/columns";
import { SourceError } from "../../loader/errors";
import { isRemarkAbove, readHeader } from "../../loader/header";

const HEADER = COLUMNS.map((column) => column.name);
const ORDER = HEADER.map((_name, index) => index);

test("any order, any case, blanks around", () => {
  const reversed = [...HEADER].reverse().map((name) => ` ${name.toLowerCase()} `);
  expect(readHeader(reversed)).toEqual(HEADER.map((_name, index) => 51 - index));
});

test("second names", () => {
  const other = new Map([
    ["LOAN_ID", "id"],
    ["DELINQ_2_YRS", "delinq_2yrs"],
    ["INQ_LAST_6_MTHS", "INQ_LAST_6MTHS"],
  ]);
  expect(readHeader(HEADER.map((name) => other.get(name) ?? name))).toEqual(ORDER);
});

test.each([
  [HEADER.filter((name) => name !== "GRADE"), "lacks column GRADE"],
  [HEADER.filter((name) => !["GRADE", "DTI"].includes(name)), "lacks columns GRADE, DTI"],
  [[...HEADER, "FICO"], "has the unknown column FICO"],
  [[...HEADER, "FICO", "ZIP"], "has the unknown columns FICO, ZIP"],
  [[...HEADER, "id"], "repeats the column LOAN_ID"],
  [HEADER.map((name) => (name === "URL" ? "LINK" : name)), "lacks column URL and has the unknown column LINK"],
  [["LOAN_ID"], "and 41 more"],
  [[...HEADER, ""], "has an unnamed column at its end (does each line end with a comma?)"],
  [["", ...HEADER], "has an unnamed column at its beginning (a row index?"],
  [[...HEADER.slice(0, 2), " ", ...HEADER.slice(2)], "has an unnamed column at position 3"],
  [[HEADER.join(";")], "separated by ';', not by commas"],
  [[HEADER.join("\t")], "separated by a tab, not by commas"],
  [[HEADER.map((name) => `"${name}"`).join("|")], "separated by '|', not by commas"],
  [HEADER.map((_name, index) => String(index)), "has no heading"],
])("a wrong one names its columns", (fields, message) => {
  expect(() => readHeader(fields)).toThrow(SourceError);
  expect(() => readHeader(fields)).toThrow(message);
});

test("a line of text above the heading is a remark, a heading with other separators is not", () => {
  expect(isRemarkAbove(["Notes offered by Prospectus (https://www.lender.example/info)"])).toBe(true);
  expect(isRemarkAbove([HEADER.join(";")])).toBe(false);
  expect(isRemarkAbove(HEADER)).toBe(false);
});
