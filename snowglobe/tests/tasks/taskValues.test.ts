import { note, TaskPlayground } from "./playground";

let tasks: TaskPlayground;

beforeEach(async () => {
  tasks = await TaskPlayground.start();
});
afterEach(() => tasks.snowglobe.stop());

describe("what tasks tell each other", () => {
  test("return values reach children, near and far", async () => {
    await tasks.make("a", "schedule = '1 minute'", "call system$set_return_value('from a')");
    await tasks.make("b", "after a", "begin let v := 'from ' || 'b'; call system$set_return_value(:v); end");
    await tasks.make("c", "after a", "select system$set_return_value('1')");
    await tasks.make("d", "after b", note("d", "system$get_predecessor_return_value()"));
    await tasks.make(
      "e",
      "after b, c when system$get_predecessor_return_value('C')::int = 1",
      note("e", "system$get_predecessor_return_value('B') || ', ' || system$get_predecessor_return_value('A')"),
    );
    await tasks.make("g", "after c when system$get_predecessor_return_value() = '2'");
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    expect(await tasks.client.rows("select task, value from log order by task")).toEqual([
      { TASK: "d", VALUE: "from b" },
      { TASK: "e", VALUE: "from b, from a" },
    ]);
    const values = await tasks.client.rows(
      "select name, return_value from table(information_schema.task_history()) where return_value is not null order by name",
    );
    expect(values).toEqual([
      { NAME: "A", RETURN_VALUE: "from a" },
      { NAME: "B", RETURN_VALUE: "from b" },
      { NAME: "C", RETURN_VALUE: "1" },
    ]);
    expect(await tasks.runs()).toContain("G SKIPPED");
  });

  test("a predecessor's name is needed where there are several, and has to be one", async () => {
    await tasks.make("a", "schedule = '1 minute'");
    await tasks.make("b", "after a");
    await tasks.make("c", "after a, b", note("c", "system$get_predecessor_return_value()"));
    await tasks.make("d", "after b", note("d", "system$get_predecessor_return_value('b')"));
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    expect(await tasks.runs()).toEqual(["A SUCCEEDED", "B SUCCEEDED", "C FAILED", "D FAILED"]);
  });

  test("the configuration is the root's, and EXECUTE TASK ... USING CONFIG merges another one into it", async () => {
    const config = `{"env": "prod", "paths": {"logs": "/l", "results": "/r"}, "n": 7, "list": [1, {"x": 2}]}`;
    await tasks.make("a", `schedule = '1 minute' config = $$${config}$$`, note("a", "system$get_task_graph_config()"));
    await tasks.make("b", "after a", note("b", "system$get_task_graph_config('paths.results')"));
    await tasks.make("c", "after a", note("c", "system$get_task_graph_config('list[1].x')"));
    await tasks.make("d", "after a", note("d", "system$get_task_graph_config('missing')"));
    await tasks.make(
      "e",
      "after a",
      "begin let v varchar := system$get_task_graph_config('env')::string; insert into log values ('e', :v); end",
    );
    await tasks.make("f", "finalize = a", note("f", "system$get_task_graph_config('paths')"));
    await tasks.enable();
    await tasks.client.run(
      "alter task a suspend",
      `execute task a using config = $$ {"paths": {"results": "/t"}, "extra": true} $$`,
    );
    await tasks.snowglobe.advance(0);
    expect(await tasks.client.rows("select task, value from log order by task")).toEqual([
      { TASK: "a", VALUE: '{"env":"prod","paths":{"logs":"/l","results":"/t"},"n":7,"list":[1,{"x":2}],"extra":true}' },
      { TASK: "b", VALUE: "/t" },
      { TASK: "c", VALUE: "2" },
      { TASK: "d", VALUE: null },
      { TASK: "e", VALUE: "prod" },
      { TASK: "f", VALUE: '{"logs":"/l","results":"/t"}' },
    ]);
    expect((await tasks.client.row("show tasks like 'a'")).config).toBe(config);
    expect((await tasks.client.failure("execute task a using config = '[1]'")).message).toBe(
      "Invalid config. Must be a string representation of a valid JSON Object.",
    );
  });

  test("SYSTEM$TASK_RUNTIME_INFO and SYSTEM$CURRENT_USER_TASK_NAME", async () => {
    const info = (key: string) => `system$task_runtime_info('${key}')`;
    await tasks.make("a", "schedule = '1 minute'", note("a", info("LAST_SUCCESSFUL_TASK_GRAPH_RUN_GROUP_ID")));
    await tasks.make(
      "b",
      "after a",
      note("b", `${info("current_task_name")} || '/' || ${info("CURRENT_ROOT_TASK_NAME")}`),
    );
    await tasks.make("c", "after b", note("c", info("CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP")));
    await tasks.make("d", "after c", note("d", "system$current_user_task_name()"));
    await tasks.make(
      "e",
      "after d",
      note("e", `${info("CURRENT_ROOT_TASK_UUID")} || ${info("CURRENT_TASK_GRAPH_RUN_GROUP_ID")}`),
    );
    await tasks.enable();
    await tasks.snowglobe.advance(60);
    const { ID } = await tasks.client.row(
      "select root_task_id || graph_run_group_id as id from table(information_schema.task_history(task_name => 'e'))",
    );
    expect(await tasks.client.rows("select task, value from log order by task")).toEqual([
      { TASK: "a", VALUE: null },
      { TASK: "b", VALUE: "B/A" },
      { TASK: "c", VALUE: "2026-01-05 12:01:00.000 Z" },
      { TASK: "d", VALUE: "D.PUBLIC.D" },
      { TASK: "e", VALUE: ID },
    ]);
    await tasks.snowglobe.advance(60);
    const group = (await tasks.client.column("select value from log where task = 'a' and value is not null"))[0];
    expect(String(ID).endsWith(String(group))).toBe(true);
  });

  test.each([
    "system$task_runtime_info('CURRENT_TASK_NAME')",
    "system$current_user_task_name()",
    "system$get_predecessor_return_value()",
    "system$get_task_graph_config()",
    "system$set_return_value('x')",
  ])("%s fails outside of a task", async (call) => {
    const { message } = await tasks.client.failure(`select ${call}`);
    expect(message).toMatch(/^Function SYSTEM\$[A-Z_]+ must be called from within a task\.$/);
  });
});
