import { tableSql } from "../../src/account/keeping";
import { GraphHistory } from "../../src/account/graphHistory";
import { TemporaryStorage } from "../storage/temporaryStorage";

const DAY = 86_400 * 1e6;

let temporary: TemporaryStorage;

beforeEach(async () => {
  temporary = await TemporaryStorage.create();
});
afterEach(() => temporary.remove());

test("what ended seven days ago is forgotten, in memory and in the file; what still counts never is", async () => {
  const { storage } = temporary;
  const description = (days: number): string => JSON.stringify({ name: `from day ${days}` });
  await storage.write(undefined, {}, async (writer) => {
    await writer.run(tableSql(new GraphHistory()));
    const rows = [
      // Table 1 was changed on day 1 and 5; table 2 was dropped on day 2 and table 3 on day 9.
      [1, 1, 0, description(0)],
      [2, 1, 1, description(1)],
      [3, 1, 5, description(5)],
      [4, 2, 1, description(1)],
      [5, 2, 2, null],
      [6, 3, 1, description(1)],
      [7, 3, 9, null],
    ] as const;
    for (const [seq, id, day, doc] of rows) {
      await writer.run("INSERT INTO catalog.graph_history VALUES ($1, $2, $3, $4)", [
        BigInt(seq),
        BigInt(id),
        BigInt(day * DAY),
        doc,
      ]);
    }
  });
  const kept = (history: GraphHistory): unknown[] =>
    [...history.all()].map(({ entry, validTo }) => [
      entry.objectId,
      entry.validFrom / DAY,
      validTo === null ? null : validTo / DAY,
    ]);
  const history = new GraphHistory();
  history.load(await storage.query("SELECT * FROM catalog.graph_history"));
  await storage.write(undefined, {}, (writer) =>
    history.forgetOld(10 * DAY, (sql, parameters) => writer.run(sql, parameters as never)),
  );
  const expected = [
    [1, 1, 5],
    [1, 5, null],
    [3, 1, 9],
  ];
  expect(kept(history)).toEqual(expected);
  const again = new GraphHistory();
  again.load(await storage.query("SELECT * FROM catalog.graph_history"));
  expect(kept(again)).toEqual(expected);
});
