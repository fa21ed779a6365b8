import { ensureEngine, type Engine, type EngineProgress } from "../../plugins/engine";
import type { Context, TargetName } from "../context";

/**
 * The Pulumi engine, found or built, with progress shown. For the account target it works in the user's own Pulumi
 * folder, where `pulumi login` keeps its credentials.
 *
 * @throws EngineError naming each way and why it did not do
 */
export async function setUpEngine(context: Context, target: TargetName): Promise<Engine> {
  const step = context.terminal.step("Pulumi engine");
  try {
    const engine = await ensureEngine({
      env: context.env,
      signal: context.interrupt.signal,
      sourceDir: context.paths.root,
      stateDir: target === "local" ? context.paths.state : undefined,
      onProgress: (progress) => step.update(describe(progress)),
    });
    step.done();
    return engine;
  } catch (error) {
    step.fail();
    throw error;
  }
}

/** `compiling the Pulumi CLI, 412 of 1,103 packages`. */
export function describe(progress: EngineProgress): string {
  const { message, done, total, step } = progress;
  if (done === undefined) return message;
  const unit = step === "modules" ? " modules" : step === "packages" ? " packages" : "";
  return `${message}, ${done.toLocaleString("en-US")}${total ? ` of ${total.toLocaleString("en-US")}` : ""}${unit}`;
}
