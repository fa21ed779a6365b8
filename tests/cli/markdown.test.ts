/** The comment on a pull request: what changed in the dbt project by git, and the whole text. */
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { UserError } from "../../cli/errors";
import type { ResourceChange } from "../../cli/output/deployment";
import { costHints } from "../../cli/review/costHints";
import { dbtChanges, dependentsOf, type DbtChanges } from "../../cli/review/dbtChanges";
import { REVIEW_MARK, reviewText } from "../../cli/review/markdown";
import { newFolder, removeFolders } from "./support/context";

afterEach(removeFolders);

const ENV = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };

/** A repository with a small dbt project, on branch `feature` off `main`. */
function repository(): {
  root: string;
  git: (...args: string[]) => string;
  write: (file: string, text: string) => void;
} {
  const root = newFolder();
  const identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"];
  const git = (...args: string[]): string =>
    execFileSync("git", [...identity, ...args], {
      cwd: root,
      env: ENV,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  git("init", "--quiet", "--initial-branch=main");
  write("dbt/models/l1/stg.sql", "select a,\n  b\nfrom raw\n");
  write("dbt/models/l3/dynamic.sql", "select * from {{ ref('stg') }}\n");
  write("dbt/models/l3/report.sql", `select {{ cents("a") }} from {{ ref("balboa", "dynamic") }}`);
  write("dbt/models/l3/other.sql", "select {{ cents('x') }} from {{ ref('names') }}");
  write("dbt/models/l3/gone.sql", "select 1");
  write("dbt/macros/money.sql", "{% macro cents(x) %}\n\n\n\n\n{{ x }} * 100\n{% endmacro %}\n");
  write("dbt/seeds/names.csv", "a\n1\n");
  write("dbt/dbt_project.yml", "name: balboa\n");
  write("dbt/README.md", "words\n");
  write(".gitignore", "dbt/target/\n");
  git("add", ".");
  git("commit", "--quiet", "--message", "first");
  git("checkout", "--quiet", "-b", "feature");
  return { root, git, write };
}

describe("the dbt project against a base", () => {
  test("changed, new and deleted files by kind, with their difference; models that read them", async () => {
    const { root, git, write } = repository();
    write("dbt/models/l1/stg.sql", "select a,\n  b + 1 as b\nfrom raw\n");
    git("commit", "--quiet", "--all", "--message", "edit");
    rmSync(path.join(root, "dbt/models/l3/gone.sql"));
    write("dbt/models/l3/brand new.sql", "select 2\n");
    write("dbt/README.md", "other words\n");
    write("dbt/target/compiled.sql", "x");
    const { base, files, dependents } = await dbtChanges(root, ENV);
    expect(base).toEqual({ name: "main", commit: git("rev-parse", "main").trim() });
    expect(files).toEqual([
      {
        ...{ path: "dbt/models/l1/stg.sql", change: "changed", kind: "model" },
        diff: "@@ -1,3 +1,3 @@\n select a,\n-  b\n+  b + 1 as b\n from raw",
      },
      { path: "dbt/models/l3/brand new.sql", change: "added", kind: "model", diff: "@@ -0,0 +1 @@\n+select 2" },
      expect.objectContaining({ path: "dbt/models/l3/gone.sql", change: "deleted", kind: "model" }),
    ]);
    expect(dependents).toEqual(["dynamic", "report"]);
  });

  test("a macro's change reaches the models that call it; settings reach none", async () => {
    const { root, write } = repository();
    write("dbt/macros/money.sql", "{% macro cents(x) %}\n\n\n\n\n{{ x }} * 1000\n{% endmacro %}\n");
    write("dbt/dbt_project.yml", "name: balboa\nversion: 2\n");
    const { files, dependents } = await dbtChanges(root, ENV);
    expect(files.map(({ kind }) => kind)).toEqual(["settings", "macro"]);
    expect(dependents).toEqual(["other", "report"]);
  });

  test("commits that the base got since are not the branch's changes", async () => {
    const { root, git, write } = repository();
    git("checkout", "--quiet", "main");
    write("dbt/models/l3/other.sql", "select 7");
    git("commit", "--quiet", "--all", "--message", "elsewhere");
    git("checkout", "--quiet", "feature");
    expect((await dbtChanges(root, ENV)).files).toEqual([]);
    expect((await dbtChanges(root, { ...ENV, GITHUB_BASE_REF: "main" })).base.name).toBe("main");
    expect((await dbtChanges(root, ENV, "HEAD")).base.name).toBe("HEAD");
  });

  test("a base that is not there, and a folder without history", async () => {
    const { root } = repository();
    await expect(dbtChanges(root, ENV, "no-such")).rejects.toThrow(
      new UserError("There is no commit no-such in this checkout: fetch it, or name another one by --base."),
    );
    await expect(dbtChanges(root, ENV, "--output=x")).rejects.toThrow(/There is no commit --output=x/);
    await expect(dbtChanges(newFolder(), ENV)).rejects.toThrow(/has no git history/);
  });
});

test("what depends on what ends also where models refer to each other in a circle", () => {
  const models = new Map([
    ["a", "{{ ref('b') }}"],
    ["b", "{{ ref('a') }} {{ ref('c') }}"],
    ["d", "nothing"],
  ]);
  expect(dependentsOf([{ path: "dbt/models/c.sql", kind: "model" }], models, [])).toEqual(["a", "b"]);
});

const NO_DBT: DbtChanges = { base: { name: "main", commit: "0123456789" }, files: [], dependents: [] };
const change = (op: string, name: string, rest: Partial<ResourceChange> = {}): ResourceChange => ({
  ...{ op, name, type: "snowflake:index/database:Database", urn: `urn:${name}` },
  ...rest,
});

describe("the text", () => {
  test("resources by operation, replacements apart, differences of dbt", () => {
    const text = reviewText({
      stack: "dev-alice",
      changes: [
        change("update", "warehouse", {
          diffs: ["autoSuspend", "comment", "password", "when"],
          properties: [
            { path: "autoSuspend", before: "60", after: "120" },
            { path: "comment", after: "a|b" },
            { path: "password", before: "[secret]", after: "[secret]" },
            { path: "when", before: "SELECT 1\nFROM A", after: "SELECT 1\nFROM B" },
          ],
          object: "WH",
        }),
        change("replace", "raw-database", { diffs: ["name"], replacedFor: ["name"], object: "RAW_2" }),
        change("replace", "raw-schema", { diffs: ["database"] }),
        change("create", "x"),
      ],
      summary: { create: 1, update: 3, replace: 2, same: 40 },
      costs: ["WH: 2 credits for each hour that it is awake, not 1"],
      definitions: [
        { name: "stg", kind: "dynamic table", change: "rebuilt", why: "its query has changed" },
        { name: "S", kind: "stream", change: "made", why: "begins anew" },
      ],
      dbt: {
        ...NO_DBT,
        files: [{ path: "dbt/models/stg.sql", kind: "model", change: "changed", diff: "@@ -1 +1 @@\n-a\n+b" }],
        dependents: ["dynamic"],
      },
    });
    expect(text).toBe(`${REVIEW_MARK}
### Preview of stack \`dev-alice\`

**1 to create, 3 to update, 2 to replace, 40 unchanged**

<details open><summary>1 to create</summary>

| | resource | object | kind | properties |
|---|---|---|---|---|
| + | \`x\` |  | snowflake Database |  |

</details>

<details open><summary>1 to update, and 2 components around them</summary>

| | resource | object | kind | properties |
|---|---|---|---|---|
| ~ | \`warehouse\` | \`WH\` | snowflake Database | \`autoSuspend: 60 → 120\`<br>\`comment: (none) → a\\|b\`<br>\`password: [secret] → [secret]\`<br>\`when\` |

</details>

<details><summary><code>warehouse</code> when</summary>

\`\`\`diff
@@ -1,2 +1,2 @@
 SELECT 1
-FROM A
+FROM B
\`\`\`

</details>

<details open><summary>2 to replace</summary>

| | resource | object | kind | properties |
|---|---|---|---|---|
| ± | \`raw-database\` | \`RAW_2\` | snowflake Database | \`name\` |
| ± | \`raw-schema\` |  | snowflake Database | \`database\` |

</details>

> [!CAUTION]
> **Replaced rather than updated**: deleted and made anew, with what is in it.
> - \`raw-database\` (\`RAW_2\`), because of \`name\`
> - \`raw-schema\`, with what it depends on

**Cost**

- WH: 2 credits for each hour that it is awake, not 1

**Definitions that change**

| object | kind | change | |
|---|---|---|---|
| \`stg\` | dynamic table | rebuilt | its query has changed |
| \`S\` | stream | made | begins anew |

**dbt project: 1 model changed** against \`main\` (0123456)

Built on it: \`dynamic\`

<details><summary><code>dbt/models/stg.sql</code> (model, changed)</summary>

\`\`\`diff
@@ -1 +1 @@
-a
+b
\`\`\`

</details>
`);
  });

  test("nothing changed", () => {
    expect(
      reviewText({ stack: "dev", changes: [], summary: { same: 44 }, costs: [], definitions: [], dbt: NO_DBT }),
    ).toBe(
      `${REVIEW_MARK}\n### Preview of stack \`dev\`\n\nNo resource changes; 44 unchanged\n\ndbt project: unchanged against \`main\` (0123456)\n`,
    );
  });

  test("a difference cannot end its fence, nor make the comment too long", () => {
    const file = { path: "dbt/seeds/<b>.csv", kind: "seed", change: "changed" } as const;
    const files = [
      { ...file, diff: "+````\n+</details>" },
      { ...file, diff: "x".repeat(60_000) },
      { ...file, path: "dbt/seeds/c.csv", diff: "+small" },
    ];
    const text = reviewText({
      stack: "dev",
      changes: [],
      summary: {},
      costs: [],
      definitions: [],
      dbt: { ...NO_DBT, files },
    });
    expect(text).toContain("`````diff\n+````\n+</details>\n`````");
    expect(text).toContain(
      "<code>dbt/seeds/&lt;b&gt;.csv</code> (seed, changed)</summary>\n\nToo long to be shown here.",
    );
    expect(text).toContain("+small");
    expect(text.length).toBeLessThan(65_536);
  });
});

test("what a change costs: the warehouse's size and rest, and the target lag", () => {
  const change = (name: string, path: string, before: string | undefined, after: string): ResourceChange => ({
    ...{ op: "update", type: "t", name, urn: name },
    properties: [{ path, after, ...(before === undefined ? {} : { before }) }],
  });
  expect(
    costHints([
      change("wh", "warehouseSize", "XSMALL", "MEDIUM"),
      change("wh", "autoSuspend", "60", "600"),
      change("dbt-build", "environment.WORKSHOP_TARGET_LAG", "1 minute", "10 minutes"),
      change("dbt-build", "environment.DBT_SCHEMA", "A", "B"),
      change("wh", "warehouseSize", undefined, "enormous"),
    ]),
  ).toEqual([
    "wh: 4 credits for each hour that it is awake, not 1",
    "wh: goes to sleep after 600 s, not after 60 s",
    "dbt-build: target lag 10 minutes: up to 144 refreshes a day on the warehouse, not 1,440, as many as find changed data",
  ]);
});
