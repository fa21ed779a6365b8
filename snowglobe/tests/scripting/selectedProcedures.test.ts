import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

let snowglobe: TestSnowglobe;
let client: TestClient;

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  client = await snowglobe.connect();
  await prepare(client);
});
afterAll(() => snowglobe.stop());
beforeAll(async () => {
  await client.run("create or replace table orders (id int, amount number(12,2))");
  await client.run("insert into orders values (1, 500), (2, 225), (3, 725)");
  await client.run(`
    create or replace procedure dear(least int) returns table (order_id int, amount number(12,2)) language sql as
    declare res resultset;
    begin
      res := (select id, amount from orders where amount > :least order by id);
      return table(res);
    end`);
});

// Source: "Selecting from a stored procedure".
test("a procedure in FROM gives its rows under the declared names", async () => {
  expect(await client.rows("select * from table(dear(300))")).toEqual([
    { ORDER_ID: 1, AMOUNT: 500 },
    { ORDER_ID: 3, AMOUNT: 725 },
  ]);
  expect(await client.value("select sum(d.amount) from table(dear(100)) d where d.order_id < 3")).toBe(725);
});

test("CREATE TABLE AS and INSERT may select from it", async () => {
  await client.run("create or replace table copied as select * from table(dear(600))");
  await client.run("insert into copied select * from table(dear(300))");
  expect(await client.value("select count(*) from copied")).toBe(3);
});

test("one that changes something may not stand there, and changes nothing", async () => {
  for (const change of ["insert into orders values (9, 9)", "create or replace table orders (x int)"]) {
    await client.run(
      `create or replace procedure writer() returns table (a int) language sql as begin ${change}; let r resultset := (select 1 a); return table(r); end`,
    );
    expect((await client.failure("select * from table(writer())")).message).toContain("must not change anything");
  }
  expect(await client.value("select count(*) from orders")).toBe(3);
});

test("its columns must be declared", async () => {
  for (const returns of ["table()", "string"]) {
    await client.run(`create or replace procedure vague() returns ${returns} language sql as begin return null; end`);
    expect((await client.failure("select * from table(vague())")).message).toContain("must declare the columns");
  }
});

test("the system's own table functions are found where there are procedures, too", async () => {
  expect(await client.value("select count(*) >= 0 from table(information_schema.task_history())")).toBe(true);
  const bare = await snowglobe.connect();
  expect(await bare.column("select value from table(flatten(parse_json('[1, 2]')))")).toEqual([1, 2]);
});
