import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { snowglobeProcesses } from "../processes";

const ROUNDS = Number(process.env.ALERT_KILL_ROUNDS ?? 3);
const snowglobes = snowglobeProcesses();

/** The ids that the mails tell of. */
function mailed(): number[] {
  const box = path.join(snowglobes.data, "mail");
  return readdirSync(box).flatMap((name) => {
    const text = readFileSync(path.join(box, name), "utf8").replace(/=\r?\n/g, "");
    return /ids\[([\d,]*)\]/.exec(text)![1]!.split(",").map(Number);
  });
}

const ascending = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);
const RESULT = "table(result_scan(snowflake.alert.get_condition_query_uuid()))";

test("after kill -9 every row that was inserted has been acted upon once", async () => {
  let running = await snowglobes.start();
  let client = await running.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "use schema d.public",
    "alter user admin set email = 'admin@example.com'",
    "create notification integration mails type = email enabled = true",
    "create table t (id int) change_tracking = true",
    "create table seen (id int)",
    `create alert rows_alert if (exists (select id from t)) then insert into seen select * from ${RESULT}`,
    `create alert mail_alert if (exists (select id from t)) then
     begin
       let ids varchar := (select listagg(id, ',') from ${RESULT});
       call system$send_email('mails', 'admin@example.com', 'new', 'ids[' || :ids || ']');
     end`,
    "alter alert rows_alert resume",
    "alter alert mail_alert resume",
  );
  let next = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const writer = client;
    let alive = true;
    const writing = (async () => {
      try {
        while (alive) await writer.run(`insert into t values (${next++})`);
      } catch (error) {
        // The server's end is what is wanted; anything before it is not.
        if (alive) throw error;
      }
    })();
    writing.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_300 + round * 370));
    alive = false;
    await running.kill();
    await writing;
    running = await snowglobes.start();
    client = await running.connect();
  }
  await client.run(`insert into t values (${next++})`);
  const all = ascending((await client.column("select id from t")).map(Number));
  expect(all.length).toBeGreaterThan(ROUNDS);
  let seen: number[] = [];
  while (seen.length < all.length || mailed().length < all.length) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    seen = (await client.column("select id from seen")).map(Number);
  }
  expect(ascending(seen)).toEqual(all);
  expect(ascending(mailed())).toEqual(all);
}, 120_000);
