/** SIGTERM ends the server whatever runs, and nothing that was acknowledged is lost. */
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { snowglobeProcesses } from "../processes";

const snowglobes = snowglobeProcesses();

test("statements that run for ever, transactions and idle connections do not hold it up", async () => {
  const first = await snowglobes.start();
  const client = await first.connect();
  await client.run("CREATE WAREHOUSE wh", "CREATE DATABASE d", "CREATE TABLE t (x INT)", "INSERT INTO t VALUES (1)");
  const others = await Promise.all([first.connect(), first.connect(), first.connect()]);
  const endless =
    "SELECT count(*) FROM TABLE(GENERATOR(ROWCOUNT => 1000000)) a, TABLE(GENERATOR(ROWCOUNT => 1000000)) b";
  const running = others.slice(0, 2).map((other) => other.rows(endless).catch((error: Error) => error.message));
  await others[2]!.run("BEGIN", "INSERT INTO t VALUES (2)");
  await client.run("INSERT INTO t VALUES (3)");
  // Files and folders are their owner's alone, those that DuckDB makes too.
  for (const name of ["", ...readdirSync(snowglobes.data)]) {
    const { mode } = statSync(path.join(snowglobes.data, name));
    expect({ name, others: (mode & 0o077).toString(8) }).toEqual({ name, others: "0" });
  }
  await first.terminate();
  for (const end of await Promise.all(running)) expect(typeof end).toBe("string");
  const second = await snowglobes.start();
  expect(await (await second.connect()).column("SELECT x FROM d.public.t ORDER BY x")).toEqual(["1", "3"]);
});
