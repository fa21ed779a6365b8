import { lockWait } from "../../execution/parameters";
import type { DynamicTable, SuspendReason, Table } from "../../catalog/objects";
import { CatalogMoved } from "../../catalog/change";
import { compilationError, unsupported } from "../../errors";
import { parseTargetLag } from "../../refresh/targetLag";
import type { StatementOf } from "../../sql/ast/statement";
import type { LockNeed } from "../../storage";
import { currentRole, requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { find } from "../../execution/lookup";
import { status, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { boundTravel, travelVersion } from "../../execution/timeTravel";
import { executeAsOf } from "./executeAs";
import { requireLag, warehouseOf } from "./settings";
import { quoteIfNeeded } from "../../quoting";

/**
 * CREATE DYNAMIC TABLE ... CLONE: a copy with the rows, the definition and the state of the content, suspended. Names in
 * its query mean what they meant for the source. The caller holds the queue of refreshes.
 *
 * Sources: "CREATE DYNAMIC TABLE ... CLONE", "Clone dynamic tables".
 */
export async function cloneDynamicTable(
  statement: StatementOf<"createDynamicTable">,
  context: StatementContext,
): Promise<Outcome> {
  const { name, timeTravel } = statement.clone!;
  const plan = planCreate(context, "DYNAMIC TABLE", statement.name, statement);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const source = find(context, "DYNAMIC TABLE", name, "CREATE DYNAMIC TABLE");
  requirePrivilege(context, source, "SELECT");
  if (timeTravel && source.refreshUsing) throw unsupported("CLONE ... AT of a dynamic table with REFRESH USING");
  if (source.transient && !statement.transient) throw notPermanent();
  const { instance } = context;
  const { replaced } = plan;
  const clone: DynamicTable = {
    ...cloneOf(source, plan.base, "CLONED_AUTO_SUSPENDED", context),
    ...overrides(statement, source, context),
    transient: statement.transient,
    namesFrom: source.namesFrom ?? source.parentId,
    // What its inputs were then is not known any more.
    ...(timeTravel && source.content && { reinitialize: "Cloned as of an earlier time." }),
  };
  const read = source.inputs.map((id) => instance.catalog.object(id)).filter((input) => input !== undefined);
  requireLag(clone.targetLag, read as (Table | DynamicTable)[], clone.name);
  const locks: LockNeed[] = [{ id: source.storageId, mode: "upkeep", name: source.name }];
  if (replaced && "storageId" in replaced && replaced !== source) {
    locks.push({ id: replaced.storageId, mode: "ddl", name: replaced.name });
  }
  await instance.change({ locks, ...lockWait(context) }, async (writer, begin) => {
    const change = await begin();
    if (change.object(source.id)?.revision !== source.revision) throw new CatalogMoved(source.name);
    const version = timeTravel && (await travelVersion(boundTravel(timeTravel, context), source, writer, context));
    await writer.clone(source.storageId, clone.storageId, version, source.rowTimesSince !== undefined);
    register(context, change, clone, replaced, statement.copyGrants);
    // Where nothing is replaced, COPY GRANTS means the grants of the source.
    if (!replaced && statement.copyGrants) {
      for (const grant of instance.catalog.grantsOn(source.id)) change.grant({ ...grant, objectId: clone.id });
    }
  });
  return status(`Dynamic table ${quoteIfNeeded(clone.name)} successfully created.`);
}

function notPermanent(): Error {
  return compilationError("Transient object cannot be cloned to a permanent object.", "002120", "0A000");
}

/** What the statement may set otherwise than in the source. */
function overrides(
  statement: StatementOf<"createDynamicTable">,
  source: DynamicTable,
  context: StatementContext,
): Pick<DynamicTable, "targetLag" | "warehouse" | "executeAs"> {
  const properties = new Properties(statement.properties, context);
  const lag = properties.text("TARGET_LAG");
  const warehouse = properties.name("WAREHOUSE");
  properties.done();
  return {
    targetLag: lag === undefined ? source.targetLag : parseTargetLag(lag),
    warehouse: warehouse === undefined ? source.warehouse : warehouseOf(warehouse, context),
    executeAs: statement.executeAs ? executeAsOf(statement.executeAs, currentRole(context), context) : source.executeAs,
  };
}

/**
 * A clone's object in the catalog. One that was suspended already stays so for its own reason.
 *
 * @param to the parts that a clone has of its own
 */
export function cloneOf(
  source: DynamicTable,
  to: Pick<DynamicTable, "id" | "parentId" | "name" | "owner" | "createdOn">,
  reason: SuspendReason,
  context: StatementContext,
): DynamicTable {
  const { ids, storage, clock } = context.instance;
  const { id, parentId, name, owner, createdOn } = to;
  return {
    ...source,
    ...{ id, parentId, name, owner, createdOn },
    revision: undefined,
    storageId: ids.next(),
    firstVersion: storage.lastVersion,
    trackedSince: storage.lastVersion,
    reclusterSuspended: true,
    suspended: source.suspended ?? { reason, on: clock.now() },
    isClone: true,
    failures: 0,
    resumedOn: null,
  };
}
