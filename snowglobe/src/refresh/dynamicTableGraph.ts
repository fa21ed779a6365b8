import type { CatalogChange } from "../catalog/change";
import type { DynamicTable, SuspendReason } from "../catalog/objects";
import { bindContent, pipelineIdsOf, type BoundContent } from "./dynamicTableContent";
import type { Instance } from "../execution/instance";
import type { RefreshUser } from "./refreshUser";
import { systemContext } from "./systemContext";

/** A table's query as it stands now, or why it cannot be bound. */
export type BoundTable =
  | { readonly bound: BoundContent; readonly error?: undefined }
  | { readonly bound?: undefined; readonly error: unknown };

/** Binds a dynamic table's query as its owner would. @param as the user of REFRESH COPY SESSION */
export function bindTable(
  instance: Instance,
  table: DynamicTable,
  dataTimestamp: number,
  as?: RefreshUser,
): BoundTable {
  try {
    return { bound: bindContent(table, systemContext(instance, table, as && { as }), dataTimestamp) };
  } catch (error) {
    return { error };
  }
}

/**
 * What names mean may have changed since the last refresh. Where the query cannot be bound its last inputs count, or what
 * has come in their place: a replaced table without a column that the query names is still what it reads.
 */
export function inputsOfTable(instance: Instance, table: DynamicTable, as?: BoundTable): readonly number[] {
  const { bound } = as ?? bindTable(instance, table, instance.clock.now());
  if (bound) return pipelineIdsOf(bound.query);
  return table.inputs.filter((id) => !table.wrappedInputs?.includes(id)).map((id) => inPlaceOf(instance, id));
}

function inPlaceOf({ catalog }: Instance, id: number): number {
  const object = catalog.object(id);
  if (object?.droppedOn === undefined || object.parentId === undefined) return id;
  return catalog.relation(object.parentId, object.name)?.id ?? id;
}

/** Dynamic tables that a table's query reads directly. */
export function upstreamOf(instance: Instance, table: DynamicTable): DynamicTable[] {
  return inputsOfTable(instance, table)
    .map((id) => instance.catalog.object(id))
    .filter((input): input is DynamicTable => input?.kind === "DYNAMIC TABLE" && input.droppedOn === undefined);
}

/** Dynamic tables that read a table directly. */
export function downstreamOf(instance: Instance, tableId: number): DynamicTable[] {
  return instance.catalog.list("DYNAMIC TABLE").filter((table) => inputsOfTable(instance, table).includes(tableId));
}

/** The table and all that reads it, directly or not, each after what it reads. */
function withDownstream(instance: Instance, table: DynamicTable): DynamicTable[] {
  const inputs = new Map(
    instance.catalog.list("DYNAMIC TABLE").map((one) => [one.id, inputsOfTable(instance, one)] as const),
  );
  const order: DynamicTable[] = [];
  const seen = new Set<number>();
  const visit = (id: number): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const [reader, read] of inputs) if (read.includes(id)) visit(reader);
    order.unshift(instance.catalog.require("DYNAMIC TABLE", id));
  };
  visit(table.id);
  return order;
}

const CASCADED: Readonly<Partial<Record<SuspendReason, SuspendReason>>> = {
  USER_SUSPENDED: "UPSTREAM_USER_SUSPENDED",
  SUSPENDED_DUE_TO_ERRORS: "UPSTREAM_SUSPENDED_DUE_TO_ERRORS",
};

/** Suspends a table, and what reads it. Source: "Suspend or resume dynamic tables". */
export function suspend(
  instance: Instance,
  table: DynamicTable,
  reason: "USER_SUSPENDED" | "SUSPENDED_DUE_TO_ERRORS",
  change: CatalogChange,
): void {
  const on = instance.clock.now();
  for (const { id } of withDownstream(instance, table)) {
    const now = change.object(id) as DynamicTable;
    if (id === table.id) change.put({ ...now, suspended: { reason, on } });
    else if (!now.suspended) change.put({ ...now, suspended: { reason: CASCADED[reason]!, on } });
  }
}

/** Resumes a table, and what was suspended only because something that it reads was. */
export function resume(instance: Instance, table: DynamicTable, change: CatalogChange): void {
  const resumedOn = instance.clock.now();
  for (const { id } of withDownstream(instance, table)) {
    const now = change.object(id) as DynamicTable;
    if (id !== table.id) {
      if (!now.suspended?.reason.startsWith("UPSTREAM_")) continue;
      const blocked = upstreamOf(instance, now).some((one) => (change.object(one.id) as DynamicTable).suspended);
      if (blocked) continue;
    }
    change.put({ ...now, suspended: null, failures: 0, resumedOn });
  }
}
