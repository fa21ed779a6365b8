import type { Context, StackChoice } from "../context";
import type { ResourceChange } from "../output/deployment";
import { driftedResources } from "../stack/drift";
import { hasChanges, runOperation } from "../stack/operations";
import { openSession } from "../stack/session";

export interface PreviewOptions extends StackChoice {
  /** Show every property that changes, in Pulumi's own words. */
  readonly diff: boolean;
  readonly json: boolean;
  readonly expectNoChanges: boolean;
}

/** Shows what `up` would change; changes nothing but starts snowglobe where it does not run. */
export async function preview(context: Context, options: PreviewOptions): Promise<void> {
  const { terminal } = context;
  const session = await openSession(context, options);
  const { stack, deployment } = session;
  const replace = driftedResources(deployment);
  const { expectNoChanges, diff } = options;
  if (!options.json) terminal.say(terminal.colors.bold(`Changes of stack ${stack.name}`));
  const { changes, summary } = await runOperation(
    context,
    "preview",
    async (o) => {
      const result = await stack.preview({ ...o, replace, expectNoChanges, diff });
      if (diff && !options.json) terminal.say(result.stdout.trimEnd());
    },
    session,
  );
  if (options.json) terminal.result({ stack: stack.name, summary, changes });
  else terminal.say(hasChanges(summary) ? planned(changes, summary.same) : "No changes.");
}

/** Counts what was listed: the engine's own summary counts groups of resources as well. */
function planned(changes: readonly ResourceChange[], unchanged: number | undefined): string {
  const words: Readonly<Record<string, string>> = {
    create: "create",
    update: "update",
    replace: "replace",
    delete: "delete",
  };
  const parts = Object.entries(words).flatMap(([op, word]) => {
    const count = changes.filter((change) => change.op === op).length;
    return count ? [`${count} to ${word}`] : [];
  });
  return [...parts, ...(unchanged ? [`${unchanged} unchanged`] : [])].join(", ");
}
