/** A task runs once for each row of its history that says so, and when it is due. */
import { ALERT, CHILD, RUNS, taskNamed, TASKS, type StreamName, type TaskName } from "./objects";
import { time } from "./dynamicTableChecks";
import type { World } from "./world";

/** A run that a kill cut off may have done its work. */
const INTERRUPTED = /was interrupted/;
/** Failures of runs whose stream or table DDL took away. */
const LAWFUL = /does not exist|invalid identifier|stale/i;

export async function checkTasks(world: World): Promise<void> {
  const rows = new Map(
    (await world.rows(`select task, count(*) from ${RUNS} group by task`)).map(([task, n]) => [task, Number(n)]),
  );
  const history = world.account.instance.taskHistory.all();
  for (const name of TASKS) {
    const own = history.filter((run) => run.name === name);
    for (const { state } of own) world.coverage.count(`task runs: ${name} ${state}`);
    const succeeded = own.filter((run) => run.state === "SUCCEEDED").length;
    const interrupted = own.filter(
      (run) => INTERRUPTED.test(run.errorMessage ?? "") || run.completedOn === null,
    ).length;
    const done = rows.get(name) ?? 0;
    if (done < succeeded || done > succeeded + interrupted) {
      world.fail(`task ${name} did its work ${done} times: ${succeeded} runs succeeded, ${interrupted} were cut off`);
    }
    if (interrupted > 0 && !world.killedDuring) world.fail(`a run of task ${name} was cut off by nothing`);
    const failed = own.find((run) => run.state.startsWith("FAILED") && !INTERRUPTED.test(run.errorMessage ?? ""));
    if (failed && !LAWFUL.test(failed.errorMessage ?? "")) {
      world.fail(`task ${name} failed at ${time(failed.scheduledTime)}: ${failed.errorMessage}`);
    }
    expectNoGap(world, name);
  }
  checkFollowers(world, rows);
}

/** K3's child did its work once for each run of it, the alert once for each time that it was triggered. */
function checkFollowers(world: World, rows: ReadonlyMap<string | null | undefined, number>): void {
  const { taskHistory, alertHistory } = world.account.instance;
  const runs = taskHistory.all();
  const count = (name: string): number => runs.filter((run) => run.name === name && run.state === "SUCCEEDED").length;
  const cut = runs.some((run) => INTERRUPTED.test(run.errorMessage ?? "") || run.completedOn === null);
  const [parents, children, done] = [count("K3"), count(CHILD), rows.get(CHILD) ?? 0];
  const isWhole = parents === children && children === done;
  if (!isWhole && !cut && !world.killedDuring) {
    world.fail(`${CHILD} ran ${children} times and did its work ${done} times after ${parents} runs of K3`);
  }
  if (children > 0) world.coverage.count("task graphs: runs of a child", children);
  const alerts = alertHistory.all().filter((run) => run.name === ALERT);
  const triggered = alerts.filter((run) => run.state === "TRIGGERED").length;
  const acted = rows.get(ALERT) ?? 0;
  if (triggered > 0) world.coverage.count("alerts: triggered", triggered);
  if (triggered !== acted && !world.killedDuring) {
    world.fail(`${ALERT} was triggered ${triggered} times and acted ${acted} times`);
  }
  const failed = alerts.find((run) => /FAILED/.test(run.state));
  if (failed && !world.killedDuring) world.fail(`${ALERT} ended ${failed.state}: ${failed.errorMessage}`);
}

/** An interval counts from the resumption: until the task is suspended again no minute is left out, but by a kill. */
function expectNoGap(world: World, name: TaskName): void {
  const task = taskNamed(world.account, name);
  if (!task?.started || task.schedule === null || world.killedDuring) return;
  const minute = 60 * 1e6;
  const due = Math.floor((world.account.clock.now() - task.resumedOn!) / minute);
  const times = world.account.instance.taskHistory
    .all()
    .filter(
      (run) => run.objectId === task.id && run.scheduledFrom === "SCHEDULE" && run.scheduledTime > task.resumedOn!,
    );
  if (times.length !== due) {
    world.fail(`task ${name}: ${times.length} scheduled runs since ${time(task.resumedOn!)}, not ${due}`);
  }
}

/** What tasks with a condition have to do in a cycle that is about to begin. */
export interface Conditions {
  /** µs since the epoch. */
  readonly since: number;
  /** Whether there is data for K1's condition; undefined where it cannot be asked. */
  readonly holds: boolean | undefined;
  /** Whether K0 waits for data. */
  readonly waiting: boolean;
}

export async function conditionsBefore(world: World): Promise<Conditions> {
  const { account } = world;
  const readable = world.streams.has("S1") && (await world.streamIsReadable("S1"));
  const holds = readable ? (await account.value("select system$stream_has_data('S1')::int")) === "1" : undefined;
  return { since: account.clock.now(), holds, waiting: taskNamed(account, "K0")?.started ?? false };
}

/**
 * After a cycle in which no base table changed: the task with a condition did its work if there was some, and was skipped
 * otherwise; the task that a base table's stream triggers has done all there was.
 */
export async function checkConditions(world: World, { since, holds, waiting }: Conditions): Promise<void> {
  const runs = world.account.instance.taskHistory.all().filter((run) => run.name === "K1" && run.scheduledTime > since);
  const [first] = runs.filter((run) => run.scheduledFrom === "SCHEDULE");
  if (first && holds !== undefined && (first.state !== "SKIPPED") !== holds) {
    world.fail(`K1 ended ${first.state} although its condition was ${String(holds)}`);
  }
  if (runs.some((run) => run.state === "SKIPPED")) await expectNothingIn(world, "S1", "K1 was skipped");
  if (waiting) await expectNothingIn(world, "S0", "K0 waits for its rows");
}

async function expectNothingIn(world: World, stream: StreamName, why: string): Promise<void> {
  if (!world.streams.has(stream) || !(await world.streamIsReadable(stream))) return;
  const count = await world.account.value(`select count(*) from ${stream}`);
  if (count !== "0") world.fail(`${stream} shows ${count} rows although ${why}`);
}
