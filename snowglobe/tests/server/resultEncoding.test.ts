/** Row types and the answer around the rows, field by field. */
import { encodeResult } from "../../src/server/result/encodeResult";
import { rowTypeEntry } from "../../src/server/result/rowType";
import type { ClientSession } from "../../src/session/contract";
import type { StatementResult } from "../../src/account/result";
import { StatementType } from "../../src/account/statementType";
import * as types from "../../src/sql/ast/dataType";
import { column, table } from "./fakeEngine";

const session: ClientSession = {
  id: 7,
  ended: false,
  user: "LEARNER",
  userId: 1,
  current: { database: "RAW", schema: "LOANS", warehouse: "WH", role: "SYSADMIN" },
  resultForm: { arrow: false, indent: 0 },
  clientParameters: () => [
    { name: "TIMEZONE", value: "Europe/Berlin" },
    { name: "QUERY_TAG", value: "t" },
  ],
  execute: () => Promise.reject(new Error("not in this test")),
  close: () => Promise.resolve(),
};

const links = { chunkUrl: (index: number): string => `http://127.0.0.1:1/chunk/${index}` };

function data(result: Partial<StatementResult>): Record<string, unknown> {
  const text = encodeResult({ ...table([], []), queryId: "q", ...result }, session, links);
  const answer = JSON.parse(text) as { success: boolean; code: null; data: Record<string, unknown> };
  expect(answer).toMatchObject({ success: true, code: null, message: null });
  return answer.data;
}

test.each([
  [types.NUMBER, "fixed", 38, 0, null, null],
  [{ kind: "NUMBER", precision: 10, scale: 2 }, "fixed", 10, 2, null, null],
  [types.FLOAT, "real", null, null, null, null],
  [{ kind: "VARCHAR", length: 20 }, "text", null, null, 20, 80],
  [types.VARCHAR, "text", null, null, 16777216, 16777216],
  [{ kind: "VARCHAR", length: 134217728 }, "text", null, null, 134217728, 134217728],
  [types.NULL_TYPE, "text", null, null, 16777216, 16777216],
  [types.BINARY, "binary", null, null, 8388608, 8388608],
  [types.BOOLEAN, "boolean", null, null, null, null],
  [types.DATE, "date", null, null, null, null],
  [{ kind: "TIME", scale: 3 }, "time", 0, 3, null, null],
  [types.TIMESTAMP_NTZ, "timestamp_ntz", 0, 9, null, null],
  [types.TIMESTAMP_LTZ, "timestamp_ltz", 0, 9, null, null],
  [{ kind: "TIMESTAMP_TZ", scale: 0 }, "timestamp_tz", 0, 0, null, null],
  [types.VARIANT, "variant", null, null, null, null],
  [types.OBJECT, "object", null, null, null, null],
  [types.ARRAY, "array", null, null, null, null],
] as [types.DataType, string, ...(number | null)[]][])(
  "%j is %s on the wire",
  (type, name, precision, scale, length, byteLength) => {
    expect(rowTypeEntry({ name: "C", type, nullable: false })).toEqual({
      name: "C",
      database: "",
      schema: "",
      table: "",
      nullable: false,
      type: name,
      precision,
      scale,
      length,
      byteLength,
      collation: null,
    });
  },
);

test("current names and the session's own parameters come with every answer", () => {
  const answer = data(table([column("A", types.NUMBER)], [["1"]]));
  expect(answer).toMatchObject({
    finalDatabaseName: "RAW",
    finalSchemaName: "LOANS",
    finalWarehouseName: "WH",
    finalRoleName: "SYSADMIN",
  });
  const parameters = answer.parameters as { name: string; value: unknown }[];
  expect(parameters.filter(({ name }) => name === "TIMEZONE")).toEqual([{ name: "TIMEZONE", value: "Europe/Berlin" }]);
  expect(parameters).toContainEqual({ name: "QUERY_TAG", value: "t" });
  // Zero would make one driver send every array bind through a stage, absence another.
  expect(parameters).toContainEqual({ name: "CLIENT_STAGE_ARRAY_BINDING_THRESHOLD", value: 1_000_000_000 });
});

test("a result without columns gets one, since a driver panics without", () => {
  expect((data({}).rowtype as { name: string }[]).map(({ name }) => name)).toEqual(["status"]);
});

test("one chunk stands in the answer, more are linked with their counts and bytes", () => {
  const rows = [["1"], ["2"], ["ü"]];
  expect(data(table([column("A", types.VARCHAR)], rows))).not.toHaveProperty("chunks");
  const answer = data(table([column("A", types.VARCHAR)], rows, 1));
  expect(answer).toMatchObject({ total: 3, returned: 3, rowset: [["1"]] });
  expect(answer.chunks).toEqual([
    { url: "http://127.0.0.1:1/chunk/1", rowCount: 1, uncompressedSize: 5, compressedSize: 5 },
    { url: "http://127.0.0.1:1/chunk/2", rowCount: 1, uncompressedSize: 6, compressedSize: 6 },
  ]);
  expect(answer.chunkHeaders).toBeDefined();
});

test("DML counts go to `stats`", () => {
  const statistics = { numRowsInserted: 2, numRowsUpdated: 1, numRowsDeleted: 0, numDmlDuplicates: 0 };
  expect(data({ statementTypeId: StatementType.MERGE, statistics })).toMatchObject({
    stats: statistics,
    statementTypeId: 13312,
    arrayBindSupported: false,
  });
});

test("a multi-statement answer lists its children in order", () => {
  const children = [
    { queryId: "a", statementTypeId: StatementType.INSERT },
    { queryId: "b", statementTypeId: StatementType.SELECT },
  ];
  const answer = data({ children });
  expect(answer).toMatchObject({
    statementTypeId: 40960,
    resultIds: "a,b",
    resultTypes: "12544,4096",
    rowset: [["Multiple statements executed successfully."]],
    total: 1,
  });
  expect(answer.rowtype).toMatchObject([{ name: "multiple statement execution", type: "text" }]);
});
