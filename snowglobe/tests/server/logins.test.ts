/** Who gets in: passwords, lock-out, and what a stranger can learn. */
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let admin: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "CREATE USER ada PASSWORD = 'the right one'",
    "CREATE USER bob PASSWORD = 'another'",
    "CREATE USER eve",
  );
});
afterAll(() => snowglobe.stop());

async function attempt(user: string, password: string): Promise<string> {
  try {
    await (await snowglobe.connect({ user, password })).close();
    return "in";
  } catch (error) {
    return String((error as { code: string }).code);
  }
}

test("five wrong passwords in a row lock a user out for 15 minutes, and nobody else", async () => {
  for (let at = 0; at < 5; at++) expect(await attempt("ADA", "wrong")).toBe("390100");
  expect(await attempt("ADA", "the right one")).toBe("390102");
  expect(await attempt("BOB", "another")).toBe("in");
  await snowglobe.advance(15 * 60 - 1);
  expect(await attempt("ADA", "the right one")).toBe("390102");
  await snowglobe.advance(1);
  expect(await attempt("ADA", "the right one")).toBe("in");
});

test("a right password forgives wrong ones before it", async () => {
  for (let round = 0; round < 2; round++) {
    for (let at = 0; at < 4; at++) expect(await attempt("BOB", "wrong")).toBe("390100");
    expect(await attempt("BOB", "another")).toBe("in");
  }
});

test("guesses side by side are no way around it", async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => attempt("BOB", "wrong")));
  expect(answers.filter((code) => code === "390100")).toHaveLength(5);
  expect(new Set(answers)).toEqual(new Set(["390100", "390102"]));
});

test("a user who is not there, and one without a password, are answered like a wrong password, and never locked", async () => {
  for (let at = 0; at < 7; at++) {
    expect(await attempt("NOBODY", "wrong")).toBe("390100");
  }
  expect(await attempt("EVE", "")).toBe("390100");
});
