/** What people type to choose names and files: right, and in a time that no text can make long. */
import { LikePattern } from "../../src/catalog/likePattern";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

describe("a LIKE pattern", () => {
  test.each([
    ["%", "", true],
    ["", "", true],
    ["", "A", false],
    ["a%", "ABC", true],
    ["%c", "ABC", true],
    ["a_c", "ABC", true],
    ["a_c", "AC", false],
    ["%b%", "ABC", true],
    ["a%b%c", "AXXBXXC", true],
    ["a%b%c", "AXXBXX", false],
    ["a%%_", "AB", true],
    ["a\\_c", "A_C", true],
    ["a\\_c", "ABC", false],
    ["50\\%", "50%", true],
    ["50\\%", "500", false],
    ["(a+)+.*", "(A+)+.*", true],
    ["stra\u00dfe", "STRA\u00dfE", true],
    ["_", "\u{1f600}", true],
  ])("%s matches %s: %s", (pattern, name, expected) => {
    expect(new LikePattern(pattern).test(name)).toBe(expected);
  });

  test("of any length ends", () => {
    expect(new LikePattern(`${"%a".repeat(100_000)}%b`).test("a".repeat(255))).toBe(false);
  });
});

describe("statements", () => {
  let snowglobe: TestSnowglobe;
  let client: TestClient;
  beforeAll(async () => {
    snowglobe = await startSnowglobe();
    client = await snowglobe.connect();
    await client.run(
      "CREATE WAREHOUSE wh",
      "CREATE DATABASE d",
      "CREATE STAGE s",
      `CREATE TABLE ${"a".repeat(50)} (x INT, ${"b".repeat(50)} INT)`,
      "CREATE FILE FORMAT f TYPE = CSV",
      "INSERT INTO d.public." + "a".repeat(50) + " VALUES (1, 2)",
    );
  });
  afterAll(() => snowglobe.stop());

  const hostile = `${"%a".repeat(40)}%c`;

  test.each([
    `SHOW TABLES LIKE '${hostile}'`,
    `SHOW COLUMNS LIKE '${hostile}'`,
    `SHOW PARAMETERS LIKE '${hostile}'`,
    `SHOW OBJECTS LIKE '${"%".repeat(100_000)}x'`,
    "LIST @s PATTERN = '((a*)*)*b'",
    "REMOVE @s PATTERN = '(.*a){1,20}x'",
    `LIST @${'"'.repeat(80)}%`,
  ])("%# of the hostile end", async (sql) => {
    await client.rows(sql).catch((error: Error) => expect(error.message).toMatch(/syntax error|does not exist/));
    expect(await client.value("SELECT 1")).toBe(1);
  });

  test("a pattern that is none is told", async () => {
    await client.run("CREATE TABLE t (x INT)");
    for (const sql of ["LIST @s PATTERN = '('", "COPY INTO t FROM @s PATTERN = '*'"]) {
      expect(await client.failure(sql)).toMatchObject({ code: "100048", sqlState: "2201B" });
    }
  });
});
