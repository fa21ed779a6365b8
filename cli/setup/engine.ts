import { ensureEngine, type Engine, type EngineOptions, type EngineProgress } from "../../plugins/engine";
import type { Context, TargetName } from "../context";

/**
 * The Pulumi engine, found, downloaded or built, with progress shown. For the account target it uses the backend of the
 * user's own `pulumi login`.
 *
 * @throws EngineError naming each way and why it did not do
 */
export async function setUpEngine(context: Context, target: TargetName): Promise<Engine> {
  const step = context.terminal.step("Pulumi engine");
  try {
    const engine = await ensureEngine({
      ...engineOptions(context, target),
      onProgress: (progress) => step.update(describe(progress)),
    });
    step.done();
    return engine;
  } catch (error) {
    step.fail();
    throw error;
  }
}

/** Where a command looks for the engine, and lets it keep what it makes. */
export function engineOptions({ env, interrupt, paths }: Context, target: TargetName): EngineOptions {
  const { root: sourceDir, state: stateDir } = paths;
  return { env, signal: interrupt.signal, sourceDir, stateDir, usersLogin: target === "account" };
}

/** `compiling the Pulumi CLI, 412 of 1,103 packages`. */
export function describe(progress: EngineProgress): string {
  const { message, done, total, step } = progress;
  if (done === undefined) return message;
  const unit = step === "modules" ? " modules" : step === "packages" ? " packages" : "";
  return `${message}, ${done.toLocaleString("en-US")}${total ? ` of ${total.toLocaleString("en-US")}` : ""}${unit}`;
}
