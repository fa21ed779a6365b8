import type { Stack } from "@pulumi/pulumi/automation";
import type { Context, StackChoice } from "../context";
import { ensureDbt, type DbtEnvironment } from "../setup/dbt";
import { setUpEngine } from "../setup/engine";
import { requireWritable } from "../setup/writable";
import type { Deployment } from "./localBackend";
import { openStack } from "./open";
import { settleState } from "./operations";
import { reachTarget, type Target } from "./target";

/** A stack, open for an operation, with all it needs running. */
export interface StackSession extends Target {
  readonly stack: Stack;
  readonly dbt: DbtEnvironment;
  /** The state before the operation. */
  readonly deployment: Deployment;
}

/** Sets up what is missing (dbt, the engine, snowglobe) and opens the stack. */
export async function openSession(context: Context, choice: StackChoice): Promise<StackSession> {
  requireWritable(context);
  const dbt = await setUpDbt(context);
  const engine = await setUpEngine(context, choice.target);
  const target = await reachTarget(context, choice);
  const stack = await openStack(context, choice, { engine, connection: target.connection, dbt });
  const deployment = await settleState(context, stack, target);
  return { ...target, stack, dbt, deployment };
}

/** dbt's virtual environment, with progress shown. */
export async function setUpDbt({ paths, env, interrupt, terminal }: Context): Promise<DbtEnvironment> {
  const step = terminal.step("dbt");
  try {
    const { requirements } = paths;
    const dbt = await ensureDbt({
      requirements,
      env,
      signal: interrupt.signal,
      onProgress: (text) => step.update(text),
    });
    step.done();
    return dbt;
  } catch (error) {
    step.fail();
    throw error;
  }
}
