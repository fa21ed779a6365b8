/**
 * The dbt project, run by the real dbt whose path is in WORKSHOP_DBT, against a server that only listens. What it does
 * not prove: that Snowflake accepts the statements; the tests of the whole stack do.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { dbtEnvironment } from "../../components/dbtEnvironment";
import { workshopNames, type Environment } from "../../components/naming";
import { DBT, runDbt, type DbtOutcome } from "./runDbt";
import { StatementServer } from "./statementServer";

const PROJECT = resolve(__dirname, "../../dbt");

const withDbt = DBT ? describe : describe.skip;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "balboa-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const dbt = (args: readonly string[], env: Record<string, string>): Promise<DbtOutcome> =>
  runDbt(args, PROJECT, folder, env);

function variables(
  options: { attendee?: string; environment?: Environment; accessRoles?: boolean; port?: number } = {},
): Record<string, string> {
  const { attendee, environment = "dev", accessRoles = true, port = 1 } = options;
  return {
    ...dbtEnvironment(workshopNames({ attendee, environment }), {
      environment,
      lag: "1 minute",
      stagingRefreshMode: "incremental",
      accessRoles,
    }),
    DBT_TARGET_PATH: join(folder, `target-${attendee ?? "none"}-${environment}-${accessRoles}`),
    DBT_LOG_PATH: join(folder, "logs"),
    SNOWFLAKE_ACCOUNT: "workshop-snowglobe",
    SNOWFLAKE_USER: "ADMIN",
    SNOWFLAKE_PASSWORD: "hush-hush-4711",
    SNOWFLAKE_HOST: "127.0.0.1",
    SNOWFLAKE_PORT: String(port),
    SNOWFLAKE_PROTOCOL: "http",
  };
}

interface Node {
  readonly name: string;
  readonly resource_type: string;
  readonly schema?: string;
  readonly database?: string;
  readonly config: Record<string, unknown>;
}

async function nodes(env: Record<string, string>): Promise<Map<string, Node>> {
  const keys = "name resource_type schema database config";
  const { code, output } = await dbt(["--quiet", "ls", "--output", "json", "--output-keys", keys], env);
  expect({ code, output }).toMatchObject({ code: 0 });
  const listed = output.split("\n").filter((line) => line.startsWith("{"));
  return new Map(listed.map((line) => JSON.parse(line) as Node).map((node) => [node.name, node]));
}

withDbt("the project", () => {
  test("parses where nothing listens and no variable is set, without a deprecated word", async () => {
    const { code, output } = await dbt(["parse"], {
      DBT_TARGET_PATH: join(folder, "target-bare"),
      DBT_LOG_PATH: join(folder, "logs"),
      SNOWFLAKE_ACCOUNT: "none",
      SNOWFLAKE_USER: "nobody",
    });
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).not.toMatch(/deprecat|warning|invalid/i);
  });

  test("has the models, the seed and the one test, in one schema of dev", async () => {
    const all = await nodes(variables());
    expect([...all.keys()].sort()).toEqual([
      "accepted_values_stg_personal_loans_addr_state__CA",
      "loans_by_state__dynamic",
      "loans_by_state__standard",
      "personal_loans",
      "state_codes",
      "stg_personal_loans",
      "stg_test_failures",
    ]);
    for (const node of all.values()) {
      const place = node.resource_type === "source" ? ["RAW", "LOANS"] : ["BALBOA_DEV", "WORKSHOP"];
      expect([node.name, node.database, node.schema]).toEqual([node.name, ...place]);
    }
    expect(all.get("stg_personal_loans")!.config).toMatchObject({
      materialized: "dynamic_table",
      target_lag: "DOWNSTREAM",
      snowflake_warehouse: "WH_TRANSFORMING_DYNAMIC_TABLES",
    });
    expect(all.get("loans_by_state__dynamic")!.config).toMatchObject({
      materialized: "dynamic_table",
      target_lag: "1 minute",
      grants: { select: ["ANALYST"] },
    });
    expect(all.get("loans_by_state__standard")!.config).toMatchObject({ materialized: "table", transient: true });
  });

  test("gives each layer its own schema in prd", async () => {
    const all = await nodes(variables({ environment: "prd" }));
    const place = (name: string): string => `${all.get(name)!.database}.${all.get(name)!.schema}`;
    expect(place("stg_personal_loans")).toBe("BALBOA.L1_LOANS");
    expect(place("stg_test_failures")).toBe("BALBOA.L1_OBSERVE");
    expect(place("loans_by_state__dynamic")).toBe("BALBOA.L3_LOAN_ANALYTICS");
    expect(place("loans_by_state__standard")).toBe("BALBOA.L3_LOAN_ANALYTICS");
    expect(place("state_codes")).toBe("BALBOA.SEEDS");
    expect(place("accepted_values_stg_personal_loans_addr_state__CA")).toBe("BALBOA.DBT_TEST__AUDIT");
    expect(all.get("loans_by_state__standard")!.config).toMatchObject({ transient: false });
  });
});

withDbt("a build", () => {
  let server: StatementServer;

  beforeEach(async () => {
    server = await StatementServer.start();
  });

  afterEach(() => server.stop());

  const build = async (env: Record<string, string>, ...args: string[]): Promise<string[]> => {
    const outcome = await dbt(["build", ...args], env);
    expect(outcome).toMatchObject({ code: 0 });
    return server.statements;
  };

  const starting = (start: string): string[] => server.statements.filter((sql) => sql.toLowerCase().startsWith(start));

  test("makes an attendee's objects, and the failure view at its end", async () => {
    const env = variables({ attendee: "alice", port: server.port });
    const statements = await build(env, "--vars", '{"persist_tests": "true"}');
    expect([...server.roles]).toEqual(["ALICE_TRANSFORMER_DBT"]);

    const [stg, leaf] = starting("create dynamic table");
    expect(stg).toMatch(
      /^create dynamic table ALICE_BALBOA_DEV\.ALICE\.stg_personal_loans target_lag = 'DOWNSTREAM' warehouse = ALICE_WH_TRANSFORMING_DYNAMIC_TABLES refresh_mode = INCREMENTAL initialize = ON_CREATE .* select \* from ALICE_RAW\.LOANS\.PERSONAL_LOANS /,
    );
    expect(stg!.match(/ cast\(/g)).toHaveLength(52);
    expect(leaf).toMatch(
      /^create dynamic table ALICE_BALBOA_DEV\.ALICE\.loans_by_state__dynamic target_lag = '1 minute' .* order by states\.state_name desc limit 10 \)$/,
    );
    expect(starting("create or replace transient table")).toEqual([
      expect.stringMatching(/ALICE\.loans_by_state__standard .* order by states\.state_name desc limit 10 \)$/),
    ]);
    expect(starting("grant ")).toEqual(
      expect.arrayContaining([
        "grant select on ALICE_BALBOA_DEV.ALICE.loans_by_state__dynamic to ALICE_ANALYST",
        "grant select on ALICE_BALBOA_DEV.ALICE.loans_by_state__standard to ALICE_ANALYST",
      ]),
    );
    expect(starting("comment on dynamic table")).toHaveLength(2);
    expect(starting("create view").concat(starting("create or replace view")).join("\n")).toContain(
      "ALICE.accepted_values_stg_personal_loans_addr_state__CA",
    );

    const view = statements.at(-1)!;
    expect(view).toMatch(
      /^create or replace view ALICE_BALBOA_DEV\.ALICE\.stg_test_failures \( "TEST_NAME" comment \$\$/,
    );
    expect(view).toContain(
      ") copy grants comment = $$The data tests of the last build that had persist_tests on, one row a test, counted anew " +
        "at each read. Empty after a build without it.$$ as select " +
        "'accepted_values_stg_personal_loans_addr_state__CA' as test_name, failures.count_failed, " +
        "case when failures.count_failed != 0 then 'ERROR' end as error_state, " +
        "case when failures.count_failed != 0 then 'WARNING' end as warning_state, " +
        `parse_json('["stg_personal_loans"]') as tested_models ` +
        "from ( select count(*) as count_failed from ( with all_values as ( select addr_state as value_field",
    );
    expect(view).toMatch(/\) as failing_rows \) as failures$/);
  });

  test("without persist_tests leaves the empty view", async () => {
    await build(variables({ port: server.port }));
    const views = server.statements.filter((sql) => /replace view BALBOA_DEV\.WORKSHOP\.stg_test_failures/i.test(sql));
    expect(views).toEqual([expect.stringMatching(/where 1 = 0 \)$/)]);
  });

  test("that executes no test leaves the view alone", async () => {
    await build(variables({ port: server.port }), "-s", "state_codes", "--vars", '{"persist_tests": "true"}');
    expect(server.statements.filter((sql) => sql.includes("stg_test_failures"))).toEqual([]);
  });

  test("without roles works as the connection's role and grants nothing", async () => {
    await build({ ...variables({ accessRoles: false, port: server.port }), SNOWFLAKE_ROLE: "" });
    expect([...server.roles]).toEqual([""]);
    expect(starting("grant ")).toEqual([]);
  });

  test("leaves no password in what dbt writes", async () => {
    await build(variables({ port: server.port }));
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      expect(readFileSync(join(file.parentPath, file.name), "latin1")).not.toContain("hush-hush-4711");
    }
  });
});
