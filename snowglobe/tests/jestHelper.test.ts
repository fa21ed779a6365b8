import { useSnowglobe, type TestSnowglobe } from "../src/jest";
import { NodeClient } from "./server/nodeDriver";

const snowglobe = useSnowglobe();

async function execute(account: TestSnowglobe, ...statements: readonly string[]): Promise<unknown> {
  const { port, username, password } = account.connection();
  const client = await NodeClient.connect(port, { username, password });
  try {
    let last: unknown;
    for (const statement of ["create warehouse if not exists w", "use warehouse w"]) await client.execute(statement);
    for (const statement of statements) {
      const { rows } = await client.execute(statement);
      last = rows[0] && Object.values(rows[0])[0];
    }
    return last;
  } finally {
    await client.close();
  }
}

describe("useSnowglobe", () => {
  it("serves an account whose clock the test moves", async () => {
    const account = snowglobe();
    await execute(
      account,
      "create database d",
      "create table d.public.t (n int) change_tracking = true",
      "create dynamic table d.public.doubled target_lag = '1 minute' warehouse = w as select n * 2 as n from d.public.t",
      "insert into d.public.t values (21)",
    );
    const began = account.now();

    await account.advance(60);

    expect(account.now().getTime() - began.getTime()).toBe(60_000);
    await expect(execute(account, "select n from d.public.doubled")).resolves.toBe(42);
  });

  it("comes back to what was kept, on the same port", async () => {
    const account = snowglobe();
    const { port } = account;
    await execute(account, "create or replace database kept", "create table kept.public.t as select 1 as n");
    await account.snapshot();
    await execute(account, "insert into kept.public.t values (2)", "create database later");

    await account.restore();

    expect(account.port).toBe(port);
    await expect(execute(account, "select count(*) from kept.public.t")).resolves.toBe(1);
    await expect(execute(account, "use database later")).rejects.toThrow(/does not exist/);
  });
});
