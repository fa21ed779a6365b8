import type { Catalog } from "../../catalog/catalog";
import type { MaskingPolicy, RelationObject, RowAccessPolicy, Tag } from "../../catalog/objects";

/** A table, view or tag that a policy is set on. */
export interface PolicyReference {
  readonly policy: MaskingPolicy | RowAccessPolicy;
  readonly on: RelationObject | Tag;
  /** The masked column. */
  readonly column?: string;
  /** Columns that stand for the other arguments of a masking policy, or for all of a row access policy. */
  readonly columns: readonly string[];
}

/** All uses of policies by what is not dropped. */
export function policyReferences(catalog: Catalog): PolicyReference[] {
  const found: PolicyReference[] = [];
  const add = (policyId: number, on: RelationObject | Tag, columns: readonly string[], column?: string): void => {
    const policy = catalog.object(policyId);
    if (policy?.kind !== "MASKING POLICY" && policy?.kind !== "ROW ACCESS POLICY") return;
    found.push({ policy, on, columns, ...(column !== undefined && { column }) });
  };
  for (const object of catalog.all()) {
    if (object.droppedOn !== undefined) continue;
    if (object.kind === "TAG") for (const id of object.maskingPolicies ?? []) add(id, object, []);
    if (object.kind !== "TABLE" && object.kind !== "VIEW" && object.kind !== "DYNAMIC TABLE") continue;
    for (const { masking, name } of object.columns) {
      if (masking) add(masking.policyId, object, masking.columns.slice(1), name);
    }
    if (object.rowAccess) add(object.rowAccess.policyId, object, object.rowAccess.columns);
  }
  return found;
}
