import type { Context, StackChoice } from "../context";
import { UsageError } from "../errors";
import { costHints } from "../review/costHints";
import { dbtChanges } from "../review/dbtChanges";
import { definitionLines } from "../review/definitionLines";
import { planDbt } from "../review/dbtPlan";
import { reviewText } from "../review/markdown";
import { namesOf } from "../stack/connection";
import { despiteDamage } from "../stack/damage";
import { hasChanges, plannedSummary, runOperation } from "../stack/operations";
import { openSession } from "../stack/session";

export interface PreviewOptions extends StackChoice {
  /** Show every property that changes, in Pulumi's own words. */
  readonly diff: boolean;
  readonly json: boolean;
  readonly expectNoChanges: boolean;
  /** Print the text of a comment on a pull request. */
  readonly markdown: boolean;
  /** Git revision that the dbt project is compared with, for `markdown`. */
  readonly base?: string;
}

/** Shows what `up` would change; changes nothing but starts snowglobe where it does not run. */
export async function preview(context: Context, options: PreviewOptions): Promise<void> {
  const { terminal, paths, env } = context;
  const { json, markdown } = options;
  if (markdown && (json || options.diff)) throw new UsageError("--markdown goes neither with --json nor with --diff.");
  // Before anything is set up: a checkout without history has no comment.
  const dbt = markdown ? await dbtChanges(paths.root, env, options.base) : undefined;
  const session = await openSession(context, options);
  const { stack, deployment } = session;
  const { expectNoChanges, diff } = options;
  if (!json) terminal.say(terminal.colors.bold(`Changes of stack ${stack.name}`));
  const { changes, summary, steps } = await despiteDamage(context, ({ refresh }) =>
    runOperation(
      context,
      "preview",
      async (o) => {
        const result = await stack.preview({ ...o, refresh, expectNoChanges, diff });
        if (diff && !json) terminal.say(result.stdout.trimEnd());
      },
      // Without the stack: a preview makes nothing that would have to be looked for.
      { pid: session.pid },
    ),
  );
  const definitions = await planDbt(context, session, { steps, names: namesOf(options, deployment) });
  const costs = costHints(changes);
  if (dbt) terminal.data(reviewText({ stack: stack.name, changes, summary, costs, definitions, dbt }));
  else if (json) terminal.result({ stack: stack.name, summary, changes, costs, definitions });
  else {
    for (const line of definitionLines(definitions, terminal.colors)) terminal.say(line);
    for (const line of costs) terminal.say(`      ${terminal.colors.dim("cost │")} ${line}`);
    terminal.say(hasChanges(summary) ? plannedSummary(summary) : "No changes.");
  }
}
