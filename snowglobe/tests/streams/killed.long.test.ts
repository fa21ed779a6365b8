import { snowglobeProcesses } from "../processes";

const ROUNDS = Number(process.env.STREAM_KILL_ROUNDS ?? 3);
const snowglobes = snowglobeProcesses();

test("after kill -9 every change has been consumed exactly once", async () => {
  let running = await snowglobes.start();
  let client = await running.connect();
  await client.run(
    "create warehouse wh",
    "create database d",
    "use schema d.public",
    "create table source (id int)",
    "create stream single on table source",
    "create stream several on table source",
    "create table by_single (id int)",
    "create table by_several (id int)",
    "create table also (id int)",
  );
  for (let round = 0; round < ROUNDS; round++) {
    const server = running;
    const [writer, single, several] = [client, await server.connect(), await server.connect()];
    let alive = true;
    const forever = async (work: () => Promise<void>): Promise<void> => {
      try {
        while (alive) await work();
      } catch (error) {
        // The server's end is what is wanted; anything before it is not.
        if (alive) throw error;
      }
    };
    let next = round * 1_000_000;
    const working = Promise.all([
      forever(() =>
        writer.run(`insert into source select ${(next += 1000)} + seq4() from table(generator(rowcount => 500))`),
      ),
      forever(() => single.run("insert into by_single select id from single")),
      forever(() =>
        several.run(
          "begin",
          "insert into by_several select id from several",
          "insert into also select id from several",
          "commit",
        ),
      ),
    ]);
    working.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 700 + round * 230));
    alive = false;
    await server.kill();
    await working;

    running = await snowglobes.start();
    client = await running.connect();
    await client.run(
      "insert into by_single select id from single",
      "begin",
      "insert into by_several select id from several",
      "insert into also select id from several",
      "commit",
    );
    const all = await client.count("select count(*) from source");
    expect(all).toBeGreaterThan(0);
    for (const table of ["by_single", "by_several", "also"]) {
      expect(await client.count(`select count(*) from ${table}`)).toBe(all);
      expect(await client.count(`select count(distinct id) from ${table}`)).toBe(all);
    }
  }
}, 120_000);
