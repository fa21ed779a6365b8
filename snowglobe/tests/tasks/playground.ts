import { prepare } from "../refresh/pipeline";
import { startSnowglobe, type TestClient, type TestSnowglobe } from "../server";

/** The body of a task that fails. */
export const FAIL = "insert into nowhere values (1)";

/** The body of a task that notes its name, and maybe a value. */
export function note(task: string, value = "null"): string {
  return `insert into log values ('${task}', ${value})`;
}

/** A snowglobe with tasks that note what they do in the table LOG. */
export class TaskPlayground {
  private constructor(
    readonly snowglobe: TestSnowglobe,
    readonly client: TestClient,
  ) {}

  static async start(): Promise<TaskPlayground> {
    const snowglobe = await startSnowglobe();
    const client = await snowglobe.connect();
    await prepare(client);
    await client.run("create table log (task varchar, value varchar)");
    return new TaskPlayground(snowglobe, client);
  }

  /** Another session, in the same place. */
  connect(): Promise<TestClient> {
    return this.snowglobe.connect({ database: "D", schema: "PUBLIC", warehouse: "WH" });
  }

  /** Makes a task that notes its name, or does something else. */
  async make(task: string, clauses: string, body = note(task)): Promise<void> {
    await this.client.run(`create task ${task} warehouse = wh ${clauses} as ${body}`);
  }

  /** Starts the whole graph of a root. */
  enable(root = "a"): Promise<unknown> {
    return this.client.value(`select system$task_dependents_enable('${root}')`);
  }

  /** Names of the tasks that noted them, in this order. */
  ran(): Promise<unknown[]> {
    return this.client.column("select task from log");
  }

  /** Names and states of all runs. */
  runs(): Promise<unknown[]> {
    return this.client.column(`select name || ' ' || state from table(information_schema.task_history())
      where state <> 'SCHEDULED' order by attempt_number, query_start_time, name`);
  }

  /** Waits until a run has begun. */
  async begun(): Promise<void> {
    while ((await this.runs()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
