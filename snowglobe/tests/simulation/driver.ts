/** Does the steps of a case, and has the promises checked after each. */
import { changeText } from "./dml";
import { alter } from "./ddl";
import { checkPredictions, predictAll } from "./predictions";
import { expectCycle, refreshesExpectedAt } from "./cycles";
import { fingerprint } from "./fingerprint";
import { checkDataTimestamps, checkDynamicTables, lookAtAll } from "./dynamicTableChecks";
import { checkStreams, consume, consumeInTransaction } from "./streamChecks";
import { checkConditions, checkTasks, conditionsBefore } from "./taskChecks";
import { baseTable, BASES, columnNames, dynamicTables, quoted, taskNamed, TASKS } from "./objects";
import { keepPast } from "./past";
import { pick } from "./queryText";
import type { Change, Leaving, Step } from "./steps";
import { difference } from "./bag";
import { MOMENT, type World } from "./world";

/** Seconds between two cycles of the finest refresh schedule. */
const PERIOD = 48;
const MICROSECONDS = 1e6;

/** Failures of ALTER DYNAMIC TABLE; whether a refresh had to fail is asked of its history. */
const FAILS = {
  refresh: /Failed to refresh|Manual refresh failed/,
  suspend: /(?!)/,
  resume: /cannot be resumed/,
} as const;

/** Steps that a kill may cut short. */
const KILLABLE: readonly Step["kind"][] = ["change", "advance", "refresh", "suspend", "resume", "consume", "task"];

export class Driver {
  private killAfter: number | undefined;

  constructor(private readonly world: World) {}

  async take(step: Step): Promise<void> {
    const { world } = this;
    world.coverage.count(`step: ${step.kind}`);
    world.trace.push(`-- ${step.kind}`);
    world.epoch++;
    await world.advance(MOMENT);
    if (step.kind === "killDuring") {
      this.killAfter = step.commits;
      return;
    }
    const commits = this.killAfter;
    if (commits !== undefined && KILLABLE.includes(step.kind)) {
      this.killAfter = undefined;
      await this.killed(commits, step);
    } else await this.act(step);
    await checkDynamicTables(world);
  }

  /** All promises, at the end of a case. */
  async finish(): Promise<void> {
    await lookAtAll(this.world);
    await checkDataTimestamps(this.world);
    await checkStreams(this.world);
    await checkTasks(this.world);
    const [error] = this.world.account.serviceErrors;
    if (error !== undefined) throw error;
  }

  /** The step with a kill after some of its commits. */
  private async killed(commits: number, step: Step): Promise<void> {
    const { world } = this;
    world.coverage.count("kill: between two commits");
    world.trace.push(`-- killed after ${commits} commits of what follows`);
    world.killedDuring = true;
    world.account = await world.account.killDuring(commits, () => this.act(step, false));
    await lookAtAll(world);
    await checkStreams(world);
    await checkTasks(world);
  }

  /** @param whole whether what it leads to may be looked at on the way */
  private async act(step: Step, whole = true): Promise<void> {
    const { world } = this;
    switch (step.kind) {
      case "change":
        for (const change of step.changes) await this.change(change, false);
        if (!step.cycle) return;
        if (whole) await this.cycle();
        else await world.advance(PERIOD * MICROSECONDS);
        return;
      case "transaction":
        return this.transaction(step);
      case "advance":
        if (whole) for (let n = 0; n < step.periods; n++) await this.cycle();
        // One cycle: of several, what the first ones left could not be seen any more.
        else await world.advance(PERIOD * MICROSECONDS);
        return;
      case "refresh":
      case "suspend":
      case "resume": {
        const tables = dynamicTables(world.account);
        if (tables.length === 0) return;
        const predicted = step.kind === "refresh" && whole ? await predictAll(world) : undefined;
        await world.attempt(`alter dynamic table ${pick(tables, step.table).name} ${step.kind}`, FAILS[step.kind]);
        if (predicted) checkPredictions(world, predicted);
        return;
      }
      case "leave":
        return this.leave(step.how);
      case "killDuring":
        return;
      case "changeDuring":
        return this.changeDuring(step.commits, step.change);
      case "consume": {
        const living = world.livingStreams();
        if (living.length === 0) return;
        const stream = pick(living, step.stream);
        if (step.how === "restart" || step.how === "kill") {
          if (!(await consumeInTransaction(world, stream))) return;
          return whole ? this.leave(step.how) : world.runBeside("rollback");
        }
        await consume(world, stream, step.how);
        return;
      }
      case "task": {
        const task = taskNamed(world.account, pick(TASKS, step.task));
        if (!task) return;
        await world.run(
          step.action === "execute" ? `execute task ${task.name}` : `alter task ${task.name} ${step.action}`,
        );
        await world.advance(MOMENT);
        return;
      }
      case "ddl":
        world.coverage.count(`ddl: ${step.ddl.kind}`);
        return alter(world, step.ddl);
    }
  }

  private async change(change: Change, beside: boolean): Promise<void> {
    const { world } = this;
    const table = baseTable(world.account, change.table % BASES.length);
    if (!table) return;
    world.coverage.count(`change: ${change.kind}`);
    const sql = changeText(change, quoted(table.name), columnNames(table));
    await (beside ? world.runBeside(sql) : world.run(sql));
  }

  /** A cycle brings all tables to its beginning, whatever is committed meanwhile. */
  private async changeDuring(commits: number, change: Change): Promise<void> {
    const { world } = this;
    const table = baseTable(world.account, change.table % BASES.length);
    if (!table) return;
    const then = await keepPast(world);
    await world.advance(MOMENT);
    const sql = changeText(change, quoted(table.name), columnNames(table));
    await world.runDuringRefreshes(commits, sql, () => this.refreshCycle());
    // It has been committed at the cycle's time, but after its beginning: time travel cannot tell.
    world.baseChangedOn = world.account.clock.now() + 1;
    await checkDynamicTables(world, then);
    await world.advance(MOMENT);
  }

  private async transaction(step: Extract<Step, { kind: "transaction" }>): Promise<void> {
    const { world } = this;
    await world.runBeside("begin");
    for (const change of step.changes) await this.change(change, true);
    if (step.tick) await this.cycle();
    world.coverage.count(`transaction: ${step.end}${step.tick ? " after a cycle" : ""}`);
    if (step.end === "commit" || step.end === "rollback") await world.runBeside(step.end);
    else await this.leave(step.end);
  }

  /** To the next cycle of refreshes and no further, with all that follows from it. */
  private async cycle(): Promise<void> {
    const { world } = this;
    const conditions = await conditionsBefore(world);
    const predicted = await predictAll(this.world);
    await this.refreshCycle();
    checkPredictions(this.world, predicted);
    await checkConditions(world, conditions);
    await checkDynamicTables(world);
    await world.advance(MOMENT);
  }

  private async refreshCycle(): Promise<void> {
    const { world } = this;
    const now = world.account.clock.now();
    const period = PERIOD * MICROSECONDS;
    const at = (Math.floor(now / period) + 1) * period;
    const expected = refreshesExpectedAt(world, at);
    await world.advance(at - now);
    expectCycle(world, at, expected);
  }

  /** Ends and comes back: all that was acknowledged is there, and nothing else. */
  private async leave(how: Leaving): Promise<void> {
    const { world } = this;
    world.coverage.count(`leave: ${how}`);
    world.trace.push(`-- ${how}`);
    const before = await fingerprint(world);
    world.account = await (how === "kill" ? world.account.kill() : world.account.restart());
    const changed = difference(before, await fingerprint(world));
    if (changed.length > 0) world.fail(`a ${how} changed what was there:\n${changed.join("\n")}`);
  }
}
