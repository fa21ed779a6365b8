import type { Context, StackChoice } from "../context";
import { UserError } from "../errors";
import { setUpEngine } from "../setup/engine";
import { driftedResources } from "../stack/drift";
import type { Deployment } from "../stack/localBackend";
import { nameOf } from "../output/deployment";
import { openStack } from "../stack/open";
import { hasChanges, runOperation, settleState } from "../stack/operations";
import { reachTarget } from "../stack/target";

export interface RefreshOptions extends StackChoice {
  readonly yes: boolean;
  readonly json: boolean;
  readonly expectNoChanges: boolean;
}

/** Reads the real state of every resource into the stack's state, and says what somebody changed by hand. */
export async function refresh(context: Context, options: RefreshOptions): Promise<void> {
  const { terminal } = context;
  if (options.target === "account" && !options.yes && !terminal.isInteractive) await terminal.confirm("");
  const engine = await setUpEngine(context, options.target);
  const target = await reachTarget(context, options);
  const stack = await openStack(context, options, { engine, connection: target.connection });
  const before = await settleState(context, stack, target);
  if (options.target === "account" && !options.yes) {
    await runOperation(context, "refresh", (o) => stack.previewRefresh({ ...o, runProgram: false }));
    if (!(await terminal.confirm("Do you want to perform this refresh?"))) throw new UserError("Nothing was changed.");
  }
  const { expectNoChanges } = options;
  const { changes, summary } = await runOperation(
    context,
    "refresh",
    (o) => stack.refresh({ ...o, expectNoChanges, runProgram: false }),
    target,
  );
  const after = ((await stack.exportStack()).deployment ?? {}) as Deployment;
  const drifted = (await driftedResources(after)).map(nameOf);
  if (options.json) {
    terminal.result({ stack: stack.name, summary, changes, drifted });
    return;
  }
  for (const name of drifted) terminal.say(`  ~ ${name} is not as the stack wants it`);
  const isSame = !hasChanges(summary) && drifted.length === (await driftedResources(before)).length;
  terminal.say(isSame && drifted.length === 0 ? "No drift." : "Drift is noted; ./workshop up fixes it.");
}
