import type { Context, StackChoice } from "../context";
import { Interrupted, UserError } from "../errors";
import { summarize } from "../output/summary";
import { formatSeconds } from "../output/terminal";
import { definitionLines } from "../review/definitionLines";
import { planDbt } from "../review/dbtPlan";
import { namesOf } from "../stack/connection";
import { despiteDamage } from "../stack/damage";
import { recordInstance } from "../stack/instance";
import { formatSummary, hasChanges, plainOutputs, runOperation } from "../stack/operations";
import { openSession, type StackSession } from "../stack/session";

export interface UpOptions extends StackChoice {
  readonly yes: boolean;
  readonly json: boolean;
  readonly expectNoChanges: boolean;
}

/**
 * Deploys the stack. The local target needs no question: everything it touches is the workshop's own. On an account the
 * changes are shown and asked for first, as Pulumi does.
 */
export async function up(context: Context, options: UpOptions): Promise<void> {
  const begun = performance.now();
  const { terminal, paths } = context;
  // Where nobody can answer, that is said before anything is set up.
  if (options.target === "account" && !options.yes && !terminal.isInteractive) await terminal.confirm("");
  const session = await openSession(context, options);
  const { stack, instanceId } = session;
  if (instanceId !== undefined) recordInstance(paths, stack.name, instanceId);
  if (options.target === "account" && !options.yes && !(await agrees(context, options, session))) return;

  terminal.say(terminal.colors.bold(`Deploying stack ${stack.name}`));
  const { expectNoChanges } = options;
  const { changes, summary } = await despiteDamage(context, ({ refresh }) =>
    runOperation(context, "up", (o) => stack.up({ ...o, refresh, expectNoChanges }), session),
  );
  const outputs = plainOutputs(await stack.outputs());
  if (options.json) {
    terminal.result({ stack: stack.name, result: "succeeded", summary, changes, outputs });
    return;
  }
  terminal.say(`${formatSummary(summary)} in ${formatSeconds(performance.now() - begun)}`);
  terminal.say();
  await summarize(context, options, { outputs, connection: session.connection });
}

async function agrees(context: Context, choice: StackChoice, session: StackSession): Promise<boolean> {
  const { terminal } = context;
  const { stack, deployment } = session;
  terminal.say(terminal.colors.bold(`Changes of stack ${stack.name}`));
  const { summary, steps } = await despiteDamage(context, ({ refresh }) =>
    runOperation(context, "up", (o) => stack.preview({ ...o, refresh })),
  );
  if (!hasChanges(summary)) return true;
  const definitions = await planDbt(context, session, { steps, names: namesOf(choice, deployment) });
  for (const line of definitionLines(definitions, terminal.colors)) terminal.say(line);
  if (await terminal.confirm("Do you want to perform this update?")) return true;
  if (context.interrupt.signal.aborted) throw new Interrupted();
  throw new UserError("Nothing was changed.");
}
