/** Rights that end, end at once: in sessions that are open, too. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "CREATE WAREHOUSE wh",
    "CREATE DATABASE d",
    "CREATE TABLE t (x INT)",
    "INSERT INTO t VALUES (1)",
    "CREATE SECURE VIEW sv AS SELECT x FROM t",
    "CREATE VIEW pv AS SELECT x FROM t",
    "CREATE ROLE reader",
    "GRANT USAGE ON WAREHOUSE wh TO ROLE reader",
    "GRANT USAGE ON DATABASE d TO ROLE reader",
    "GRANT USAGE ON SCHEMA d.public TO ROLE reader",
    "GRANT SELECT ON TABLE t TO ROLE reader",
    "GRANT SELECT ON VIEW sv TO ROLE reader",
    "GRANT SELECT ON VIEW pv TO ROLE reader",
  );
});
afterAll(() => snowglobe.stop());

async function reader(name: string): Promise<TestClient> {
  await admin.run(`CREATE USER ${name} PASSWORD = 'p' DEFAULT_ROLE = reader`, `GRANT ROLE reader TO USER ${name}`);
  return snowglobe.connect({
    user: name,
    password: "p",
    role: "READER",
    database: "D",
    schema: "PUBLIC",
    warehouse: "WH",
  });
}

const SELECT = "SELECT x FROM d.public.t";

test("a role that is revoked counts no more, and one may go on with another", async () => {
  const ada = await reader("ada");
  expect(await ada.column(SELECT)).toEqual([1]);
  await admin.run("REVOKE ROLE reader FROM USER ada");
  expect(await ada.failure(SELECT)).toMatchObject({ code: expect.stringMatching(/^00(2003|3001)$/) });
  expect((await ada.failure("CREATE TABLE d.public.mine (x INT)")).code).toMatch(/^00(2003|3001)$/);
  await admin.run("GRANT ROLE reader TO USER ada");
  expect(await ada.column(SELECT)).toEqual([1]);
  await admin.run("CREATE ROLE above", "GRANT ROLE reader TO ROLE above", "GRANT ROLE above TO USER ada");
  await admin.run("REVOKE ROLE reader FROM USER ada");
  expect(await ada.column(SELECT)).toEqual([1]);
  await admin.run("REVOKE ROLE above FROM USER ada");
  expect((await ada.failure(SELECT)).code).toMatch(/^00(2003|3001)$/);
  await ada.close();
});

test.each(["ALTER USER bob SET DISABLED = TRUE", "DROP USER bob"])("%s ends what bob has open", async (sql) => {
  const bob = await reader("bob");
  const endless = bob.driver
    .execute("SELECT count(*) FROM TABLE(GENERATOR(ROWCOUNT => 1000000)) a, TABLE(GENERATOR(ROWCOUNT => 1000000)) b")
    .then(
      () => "done",
      (error: Error) => error.message,
    );
  while (
    !snowglobe.engine.instance.sessions.all().some(({ state, running }) => state.user.name === "BOB" && running.size)
  )
    await new Promise(setImmediate);
  await admin.run(sql);
  expect(await endless).toMatch(/canceled/);
  await expect(bob.rows("SELECT 1")).rejects.toThrow();
  await expect(snowglobe.connect({ user: "BOB", password: "p" })).rejects.toThrow();
  await admin.run("DROP USER IF EXISTS bob");
});

test("a secure view's text is for its owner", async () => {
  const eve = await reader("eve");
  const shown = "SHOW VIEWS IN SCHEMA d.public";
  const views = "SELECT table_name, view_definition FROM d.information_schema.views ORDER BY table_name";
  expect((await eve.rows(shown)).map(({ name, text }) => [name, text])).toEqual([
    ["PV", "CREATE VIEW pv AS SELECT x FROM t"],
    ["SV", ""],
  ]);
  expect(await eve.rows(views)).toMatchObject([
    { TABLE_NAME: "PV", VIEW_DEFINITION: "CREATE VIEW pv AS SELECT x FROM t" },
    { TABLE_NAME: "SV", VIEW_DEFINITION: null },
  ]);
  expect((await admin.rows(shown)).map(({ text }) => text)).toContain("CREATE SECURE VIEW sv AS SELECT x FROM t");
  await eve.close();
});
