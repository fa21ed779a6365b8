/** Plays one case: everything that happens in a simulated account, with what is promised of it checked after each step. */
import { Account, DataFolder } from "./account";
import type { Coverage } from "./coverage";
import { Driver } from "./driver";
import { makeObjects } from "./setup";
import type { Case } from "./steps";
import { World } from "./world";

/** 2026-01-05T12:00:01Z: not at the time of a cycle. */
const START = Date.UTC(2026, 0, 5, 12, 0, 1) * 1000;

/** An account with a warehouse and a database, to be copied for each case. The caller removes it. */
export async function emptyAccount(): Promise<DataFolder> {
  const folder = DataFolder.create();
  const account = await Account.open(folder, START);
  await account.run("create warehouse wh", "create database d");
  await account.close();
  return folder;
}

/** @throws Error that tells what was done, where a promise was broken */
export async function simulateCase(template: DataFolder, one: Case, coverage: Coverage): Promise<void> {
  const account = await Account.open(template.copy(), START, one.followsChanges ? "CHANGES" : "CHEAPER");
  const world = new World(account, coverage, one.view);
  try {
    await makeObjects(world, one);
    const driver = new Driver(world);
    for (const step of one.steps) await driver.take(step);
    await driver.finish();
  } catch (error) {
    throw new Error(`${(error as Error).stack}\n\nWhat was done:\n${world.trace.join("\n")}`, { cause: error });
  } finally {
    await world.account.discard();
  }
}
