/**
 * What reviewers and attendees do with a deployed stack, by the commands themselves: the comment on a pull request, the
 * worksheet, and a destroy that finds somebody else's table.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { CheckoutCopy } from "./support/checkout";
import { removeFolders } from "./support/context";

const MINUTE = 60_000;
jest.setTimeout(3 * MINUTE);

/** Without `./workshop test`, which installs dbt, a first run may take minutes. */
const FIRST_MS = 40 * MINUTE;

let checkout: CheckoutCopy;

beforeAll(async () => {
  checkout = new CheckoutCopy();
  const { code, err } = await checkout.run("up");
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
}, FIRST_MS);
afterAll(async () => {
  await checkout.run("local", "reset", "--yes", "--state");
  removeFolders();
}, MINUTE);

function git(...args: string[]): void {
  const identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"];
  execFileSync("git", [...identity, ...args], { cwd: checkout.root, stdio: "ignore" });
}

/** Replaces a text of a file, which must be there once. */
function edit(file: string, from: string, to: string): void {
  const where = path.join(checkout.root, file);
  const text = readFileSync(where, "utf8");
  expect(text.split(from)).toHaveLength(2);
  writeFileSync(where, text.replace(from, to));
}

test("a branch that changes a dbt model and components gets the right comment", async () => {
  writeFileSync(path.join(checkout.root, ".gitignore"), ".workshop/\nnode_modules\nsnowglobe/dist/\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--message", "base");
  git("checkout", "--quiet", "-b", "feature");
  const model = "dbt/models/L3_coves/loan_analytics/loans_by_state__standard.sql";
  writeFileSync(path.join(checkout.root, model), `${readFileSync(path.join(checkout.root, model), "utf8")}-- edited\n`);
  edit("components/warehouse.ts", "autoSuspend: 60", "autoSuspend: 120");
  edit("components/config.ts", '"SYSADMIN"', '"ACCOUNTADMIN"');
  git("commit", "--quiet", "--all", "--message", "feature");
  const { code, out, err } = await checkout.run("preview", "--markdown");
  git("checkout", "--quiet", "main");
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(
    /^<!-- workshop-preview -->\n### Preview of stack `local`\n\n\*\*\d+ to update, \d+ to replace, \d+ unchanged\*\*\n/,
  );
  expect(out).toMatch(
    /^\| ~ \| `\S*warehouse\S*` \| `WH_TRANSFORMING_DYNAMIC_TABLES` \| snowflake Warehouse \| `autoSuspend: 60 → 120` \|$/m,
  );
  expect(out).toMatch(/^\| ~ \| `dbt-build` \|/m);
  expect(out).toMatch(/^> - `access-loader-to-parent`, because of `parentRoleName`$/m);
  expect(out).toContain("**dbt project: 1 model changed** against `main`");
  expect(out).toMatch(
    /<code>dbt\/models\/\S+loans_by_state__standard\.sql<\/code> \(model, changed\)<\/summary>\n\n```diff\n@@[^]*\n\+-- edited\n```/,
  );
  expect(out).not.toContain(readFileSync(path.join(checkout.paths.snowglobe, "password"), "utf8").trim());
});

test("the first worksheet runs as it stands, its steps for a terminal too", async () => {
  const { code, out, err } = await checkout.run("sql", path.join(checkout.root, "sql/script.sql"), "--shell");
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/shell \S.*script\.sql:\d+\n {2}> \.\/workshop load\n/);
  expect(out).toMatch(/COUNT_FAILED/);
});

test("a query starts in the attendee's schema, as the role that owns the models", async () => {
  const query = "SELECT CURRENT_ROLE() R, CURRENT_DATABASE() D, CURRENT_SCHEMA() S, CURRENT_WAREHOUSE() W";
  const { code, out } = await checkout.run("sql", "--format", "csv", "-q", query);
  expect([code, out]).toEqual([0, "R,D,S,W\nTRANSFORMER_DBT,BALBOA_DEV,WORKSHOP,WH_TRANSFORMING_DYNAMIC_TABLES\n"]);
  expect((await checkout.run("sql", "-q", "SELECT * FROM NO_SUCH_TABLE")).code).toBe(1);
});

test("doctor finds nothing wrong", async () => {
  const { code, out } = await checkout.run("doctor");
  expect({ code, out: code === 0 ? "" : out }).toEqual({ code: 0, out: "" });
});

test("destroy keeps what the stack did not make, unless it is forced", async () => {
  await checkout.query("CREATE TABLE RAW.PUBLIC.NOTES (A INT)");
  const refused = await checkout.run("destroy", "--yes");
  expect(refused.code).toBe(1);
  expect(refused.err).toContain("destroy would delete what the stack did not make: RAW.PUBLIC.NOTES (table).");
  expect(await checkout.query("SELECT COUNT(*) AS N FROM RAW.LOANS.PERSONAL_LOANS")).toEqual([{ N: 42_535 }]);
  const { code, err } = await checkout.run("destroy", "--yes", "--force");
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  expect(checkout.leftOvers()).toEqual([]);
});
