import { randomUUID } from "node:crypto";
import type { DynamicTable } from "../catalog/objects";
import { unsupported } from "../errors";
import type { StatementContext } from "../execution/context";
import type { Instance } from "../execution/instance";
import { NO_BINDS } from "../execution/ownerContext";
import { systemState } from "../execution/systemState";

/**
 * What a refresh runs in: the owner's role alone, names resolved from the table's schema, no session settings. Source:
 * "Dynamic table access control".
 */
export function systemContext(
  instance: Instance,
  table: Pick<DynamicTable, "owner" | "parentId" | "namesFrom" | "queryText">,
  more: { readonly signal?: AbortSignal; readonly queryId?: string } = {},
): StatementContext {
  return {
    instance,
    session: systemState(instance, { owner: table.owner, parentId: table.namesFrom ?? table.parentId }, { id: 0 }),
    text: table.queryText,
    queryId: more.queryId ?? randomUUID(),
    binds: NO_BINDS,
    describeOnly: false,
    signal: more.signal ?? new AbortController().signal,
    startedOn: instance.clock.now(),
    pipe: [],
    run: () => Promise.reject(unsupported("a statement inside a refresh")),
  };
}
