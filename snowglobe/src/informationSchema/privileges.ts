import type { CatalogObject, Database, Grant, Role } from "../catalog/objects";
import { RELATION_KINDS } from "../catalog/objects";
import { sees } from "../execution/authorize";
import { activeRoles, rolesOfUser, type StatementContext } from "../execution/context";
import { ownershipOf } from "../execution/grants";
import { inScope } from "../execution/listing";
import { TEXT, TIMESTAMP } from "../execution/outcome";
import { viewOf, yes } from "./view";
import type { ShownColumn } from "../execution/shownColumn";

interface OwnGrant {
  readonly grant: Grant;
  readonly object: CatalogObject;
}

function grantsOn(objects: readonly CatalogObject[], { instance: { catalog } }: StatementContext): OwnGrant[] {
  return objects
    .filter((object) => object.sessionId === undefined)
    .flatMap((object) =>
      [...ownershipOf(object, catalog), ...catalog.grantsOn(object.id)].map((grant) => ({ grant, object })),
    );
}

/** The database (0), schema (1) or name (2) of the object; the place of what lies higher up is NULL. */
const place =
  (part: 0 | 1 | 2) =>
  ({ object }: OwnGrant, { instance }: StatementContext): string | null => {
    const path = instance.catalog.pathOf(object);
    if (part === 2) return object.name;
    return part < path.length - 1 ? path[part]! : null;
  };

const GRANT: readonly ShownColumn<OwnGrant>[] = [
  ["GRANTOR", TEXT, ({ grant }) => grant.grantedBy],
  ["GRANTEE", TEXT, ({ grant }, { instance }) => instance.catalog.object(grant.granteeId)?.name],
  ["GRANTED_TO", TEXT, ({ grant }) => grant.granteeKind],
];
const PRIVILEGE: readonly ShownColumn<OwnGrant>[] = [
  ["PRIVILEGE_TYPE", TEXT, ({ grant }) => grant.privilege],
  ["IS_GRANTABLE", TEXT, ({ grant }) => yes(grant.grantOption)],
];
const CREATED: ShownColumn<OwnGrant> = ["CREATED", TIMESTAMP, ({ grant }) => grant.createdOn];
const OBJECT: readonly ShownColumn<OwnGrant>[] = [
  ["OBJECT_CATALOG", TEXT, place(0)],
  ["OBJECT_SCHEMA", TEXT, place(1)],
  ["OBJECT_NAME", TEXT, place(2)],
  ["OBJECT_TYPE", TEXT, ({ object }) => object.kind],
];

/** Source: "OBJECT_PRIVILEGES view". */
export const OBJECT_PRIVILEGES = viewOf<OwnGrant>(
  (context) => {
    const all = [...context.instance.catalog.all()].filter((object) => object.droppedOn === undefined);
    return grantsOn(
      all.filter((object) => sees(context, object)),
      context,
    );
  },
  [...GRANT, ...OBJECT, ...PRIVILEGE, CREATED],
);

/** Source: "TABLE_PRIVILEGES view". */
export const TABLE_PRIVILEGES = viewOf<OwnGrant>(
  (context, database) =>
    grantsOn(
      RELATION_KINDS.flatMap((kind) => inScope(context, kind, { kind: "DATABASE", database })),
      context,
    ),
  [
    ...GRANT,
    ["TABLE_CATALOG", TEXT, place(0)],
    ["TABLE_SCHEMA", TEXT, place(1)],
    ["TABLE_NAME", TEXT, place(2)],
    ...PRIVILEGE,
    ["WITH_HIERARCHY", TEXT],
    CREATED,
  ],
);

/** Source: "USAGE_PRIVILEGES view". */
export const USAGE_PRIVILEGES = viewOf<OwnGrant>(
  (context, database: Database) => grantsOn(inScope(context, "SEQUENCE", { kind: "DATABASE", database }), context),
  [...GRANT, ...OBJECT, ...PRIVILEGE, CREATED],
);

interface RoleGrant {
  readonly grantee: string;
  readonly role: Role;
}

/** Each role that the user has, by whatever way, with whom it is granted to. */
function roleGrants({ session, instance: { catalog } }: StatementContext): RoleGrant[] {
  const found: RoleGrant[] = [];
  const seen = new Set<number>();
  const open = rolesOfUser(session.user, catalog).map((role) => ({ grantee: session.user.name, role }));
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    found.push(one);
    if (seen.has(one.role.id)) continue;
    seen.add(one.role.id);
    for (const { objectId } of catalog.grantsTo("ROLE", one.role.id)) {
      const role = catalog.object(objectId);
      if (role?.kind === "ROLE") open.push({ grantee: one.role.name, role });
    }
  }
  return found;
}

/** Source: "APPLICABLE_ROLES view". */
export const APPLICABLE_ROLES = viewOf<RoleGrant>(roleGrants, [
  ["GRANTEE", TEXT, ({ grantee }) => grantee],
  ["ROLE_NAME", TEXT, ({ role }) => role.name],
  ["ROLE_OWNER", TEXT, ({ role }) => role.owner],
  ["IS_GRANTABLE", TEXT, () => "NO"],
]);

/** Source: "ENABLED_ROLES view". */
export const ENABLED_ROLES = viewOf<Role>(
  ({ session, instance: { catalog, privileges } }) => {
    const ids = new Set(activeRoles(session, catalog).flatMap((role) => [...privileges.inherited(role)]));
    return [...ids].map((id) => catalog.object(id)).filter((object): object is Role => object?.kind === "ROLE");
  },
  [
    ["ROLE_NAME", TEXT, (role) => role.name],
    ["ROLE_OWNER", TEXT, (role) => role.owner],
  ],
);
