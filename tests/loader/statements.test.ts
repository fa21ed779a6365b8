import { COLUMNS } from "../../loader/columns";
import { LoadError } from "../../loader/errors";
import * as statements from "../../loader/statements";

const names = statements.loadNames({ database: "raw", schema: "Loans", table: "PERSONAL_LOANS" }, "0a1b");

const COLUMN_LIST =
  "LOAN_ID, MEMBER_ID, LOAN_AMNT, FUNDED_AMNT, FUNDED_AMNT_INV, TERM, INT_RATE, INSTALLMENT, GRADE, SUB_GRADE, " +
  "EMP_TITLE, EMP_LENGTH, HOME_OWNERSHIP, ANNUAL_INC, VERIFICATION_STATUS, ISSUE_D, LOAN_STATUS, PYMNT_PLAN, URL, " +
  '"DESC", PURPOSE, TITLE, ZIP_CODE, ADDR_STATE, DTI, DELINQ_2_YRS, EARLIEST_CR_LINE, INQ_LAST_6_MTHS, ' +
  "MTHS_SINCE_LAST_DELINQ, MTHS_SINCE_LAST_RECORD, OPEN_ACC, PUB_REC, REVOL_BAL, REVOL_UTIL, TOTAL_ACC, " +
  "INITIAL_LIST_STATUS, OUT_PRNCP, OUT_PRNCP_INV, TOTAL_PYMNT, TOTAL_PYMNT_INV, TOTAL_REC_PRNCP, TOTAL_REC_INT, " +
  "TOTAL_REC_LATE_FEE, RECOVERIES, COLLECTION_RECOVERY_FEE, LAST_PYMNT_D, LAST_PYMNT_AMNT, NEXT_PYMNT_D, " +
  "LAST_CREDIT_PULL_D, COLLECTIONS_12_MTHS_EX_MED, MTHS_SINCE_LAST_MAJOR_DEROG, POLICY_CODE";

const WHOLE = ["MEMBER_ID", "LOAN_AMNT", "FUNDED_AMNT", "REVOL_BAL", "POLICY_CODE"];

describe("names", () => {
  test("plain names are folded to upper case, temporary objects stand beside the table", () => {
    expect(names).toEqual({
      database: "RAW",
      schema: "LOANS",
      target: "RAW.LOANS.PERSONAL_LOANS",
      loadTable: "RAW.LOANS.PERSONAL_LOANS__LOAD_0A1B",
      stage: "RAW.LOANS.PERSONAL_LOANS__STAGE_0A1B",
    });
  });

  test("quoted names stay as they are", () => {
    const quoted = statements.loadNames({ database: '"my db"', schema: "S", table: '"a ""b"""' }, "1");
    expect(quoted.target).toBe('"my db".S."a ""b"""');
    expect(quoted.loadTable).toBe('"my db".S."a ""b""__LOAD_1"');
  });

  test.each(["", "1ST", "A-B", "A;DROP TABLE X", 'A"', '"', '""', "A.B", "Ä", "X".repeat(256)])(
    "%p is refused",
    (bad) => {
      expect(() => statements.loadNames({ database: "RAW", schema: bad, table: "T" }, "1")).toThrow(LoadError);
    },
  );
});

describe("statements, word for word", () => {
  test("stage", () => {
    expect(statements.createStage(names)).toBe("CREATE TEMPORARY STAGE RAW.LOANS.PERSONAL_LOANS__STAGE_0A1B");
    expect(statements.dropStage(names)).toBe("DROP STAGE IF EXISTS RAW.LOANS.PERSONAL_LOANS__STAGE_0A1B");
  });

  test("PUT", () => {
    const rest =
      "@RAW.LOANS.PERSONAL_LOANS__STAGE_0A1B AUTO_COMPRESS = FALSE SOURCE_COMPRESSION = GZIP OVERWRITE = TRUE";
    expect(statements.putFile(names, "/tmp/loans-x/loans-0001.csv.gz")).toBe(
      `PUT 'file:///tmp/loans-x/loans-0001.csv.gz' ${rest}`,
    );
    expect(statements.putFile(names, "C:\\Temp\\l.csv.gz")).toBe(`PUT 'file:///C:/Temp/l.csv.gz' ${rest}`);
    expect(statements.putFile(names, "/tmp/o'hara/l.gz")).toBe(`PUT 'file:///tmp/o\\'hara/l.gz' ${rest}`);
  });

  test("load table", () => {
    const types = (name: string): string =>
      WHOLE.includes(name) ? "NUMBER(38,0)" : COLUMNS.find((column) => column.name === name)!.type;
    const columns = COLUMN_LIST.split(", ").map((name) => `${name} ${types(name.replaceAll('"', ""))}`);
    expect(columns).toHaveLength(52);
    expect(statements.createLoadTable(names)).toBe(
      `CREATE TEMPORARY TABLE RAW.LOANS.PERSONAL_LOANS__LOAD_0A1B (${columns.join(", ")})`,
    );
    expect(statements.dropLoadTable(names)).toBe("DROP TABLE IF EXISTS RAW.LOANS.PERSONAL_LOANS__LOAD_0A1B");
  });

  test("COPY INTO", () => {
    expect(statements.copyIntoLoadTable(names)).toBe(
      "COPY INTO RAW.LOANS.PERSONAL_LOANS__LOAD_0A1B FROM @RAW.LOANS.PERSONAL_LOANS__STAGE_0A1B FILE_FORMAT = " +
        "(TYPE = CSV COMPRESSION = GZIP FIELD_DELIMITER = ',' FIELD_OPTIONALLY_ENCLOSED_BY = '\"' " +
        "ESCAPE_UNENCLOSED_FIELD = NONE EMPTY_FIELD_AS_NULL = TRUE NULL_IF = () ENCODING = 'UTF8') " +
        "ON_ERROR = ABORT_STATEMENT",
    );
  });

  test("replacement", () => {
    expect(statements.replaceTarget(names)).toBe(
      `INSERT OVERWRITE INTO RAW.LOANS.PERSONAL_LOANS (${COLUMN_LIST}) ` +
        `SELECT ${COLUMN_LIST} FROM RAW.LOANS.PERSONAL_LOANS__LOAD_0A1B`,
    );
  });

  test("target table", () => {
    const sql = statements.createTarget(names);
    expect(
      sql.startsWith(
        "CREATE TABLE IF NOT EXISTS RAW.LOANS.PERSONAL_LOANS (LOAN_ID VARCHAR COMMENT 'Unique id of the loan', MEMBER_ID NUMBER(38,0) COMMENT 'Unique id of the borrower', ",
      ),
    ).toBe(true);
    expect(sql).toContain(`, "DESC" VARCHAR COMMENT 'Description as the borrower wrote it', `);
    expect(sql).toContain("PURPOSE VARCHAR COMMENT 'Category of the loan''s purpose', ");
    expect(
      sql.endsWith(
        " POLICY_CODE NUMBER(38,0) COMMENT '1: publicly available product') COMMENT = 'Personal loans, one row a loan'",
      ),
    ).toBe(true);
    expect(sql.match(/ COMMENT '/g)).toHaveLength(52);
  });
});

test("52 columns: 5 whole numbers, 24 floats, 23 texts", () => {
  const count = (type: string): number => COLUMNS.filter((column) => column.type === type).length;
  expect(COLUMNS.filter((column) => column.type === "NUMBER(38,0)").map((column) => column.name)).toEqual(WHOLE);
  expect([count("NUMBER(38,0)"), count("FLOAT"), count("VARCHAR")]).toEqual([5, 24, 23]);
});
