import type { Catalog } from "../catalog/catalog";
import type { CatalogObject, Grant } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";

/** Ownership is shown like a grant with grant option, made by the owner itself. */
export function ownershipOf(object: CatalogObject, catalog: Catalog): Grant[] {
  const owner = object.owner === null ? undefined : catalog.find("ROLE", ACCOUNT, object.owner);
  if (!owner) return [];
  return [
    {
      privilege: "OWNERSHIP",
      objectId: object.id,
      granteeKind: "ROLE",
      granteeId: owner.id,
      grantOption: true,
      grantedBy: owner.name,
      createdOn: object.createdOn,
    },
  ];
}
