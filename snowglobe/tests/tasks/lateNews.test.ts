import { Account, DataFolder } from "../simulation/account";

const START = Date.UTC(2026, 0, 5, 12) * 1000;
const SECOND = 1e6;

let account: Account;

beforeEach(async () => {
  account = await Account.open(DataFolder.create(), START);
  await account.run(
    "create database d",
    "create warehouse wh",
    "create table source (a int)",
    "create table sink (a int)",
    "create stream s on table source",
    "create task t warehouse = wh when system$stream_has_data('s') as insert into sink select a from s",
    "alter task t resume",
  );
  await account.advance(60 * SECOND);
});
afterEach(() => account.discard());

test("news of a commit that a triggered task has seen already do not keep later commits from waking it", async () => {
  // A look may come between a commit and the news of it.
  account.instance.storage.dataChanges.publish([]);
  await account.advance(10 * SECOND);
  await account.run("insert into source values (1)");
  await account.advance(60 * SECOND);
  expect(await account.rows("select a from sink")).toEqual([["1"]]);
});
