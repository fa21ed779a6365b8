import type { Context, StackChoice } from "../context";
import { startSnowglobe } from "../local/snowglobe";
import { accountEnvironment } from "./connectionEnvironment";
import { localConnection, type ConnectionEnvironment } from "./environment";

export interface Target {
  readonly connection: ConnectionEnvironment;
  /** Identity of snowglobe's data; absent on the account target. */
  readonly instanceId?: string;
  /** snowglobe's process; absent on the account target. */
  readonly pid?: number;
}

/** How to connect to the target; starts snowglobe where it is the target and does not run. */
export async function reachTarget(context: Context, choice: StackChoice): Promise<Target> {
  const { env, paths, interrupt, terminal } = context;
  if (choice.target === "account") {
    const connection = accountEnvironment(env, choice.connection);
    // What is missing is said before anything is set up on it, once and by name.
    const { connectionOptions } = await import("../../loader/connection.js");
    connectionOptions({ ...env, ...connection });
    return { connection };
  }
  const step = terminal.step("snowglobe");
  try {
    const started = await startSnowglobe(paths, { env, signal: interrupt.signal });
    step.done(started.wasRunning ? undefined : `listens on 127.0.0.1:${started.port}`);
    return { connection: localConnection(paths, started, env), instanceId: started.instanceId, pid: started.pid };
  } catch (error) {
    step.fail();
    throw error;
  }
}
