import type { CatalogChange } from "../catalog/change";
import type { Role, User } from "../catalog/objects";
import { ACCOUNT, SYSTEM_ROLE_PRIVILEGES } from "../catalog/privileges";
import type { Instance } from "../execution/instance";

/** Which system role inherits which. Source: "Overview of access control", system-defined roles. */
const HIERARCHY: readonly (readonly [role: string, grantedTo: string])[] = [
  ["USERADMIN", "SECURITYADMIN"],
  ["SECURITYADMIN", "ACCOUNTADMIN"],
  ["SYSADMIN", "ACCOUNTADMIN"],
];

export interface FirstUser {
  readonly name: string;
  /** As hashPassword makes it. */
  readonly passwordHash: string;
}

/** Makes the system roles and the first user of a new account; brings the user's password up to date in an old one. */
export async function bootstrap(instance: Instance, first: FirstUser): Promise<void> {
  const known = instance.catalog.find("USER", ACCOUNT, first.name);
  await instance.change({}, async (_, begin) => {
    const change = await begin();
    if (known) {
      change.put({ ...known, passwordHash: first.passwordHash, disabled: false });
      return;
    }
    makeAccount(change, instance, first);
  });
}

function makeAccount(change: CatalogChange, instance: Instance, first: FirstUser): void {
  const now = instance.clock.now();
  const base = (name: string, owner: string | null) =>
    ({ id: instance.ids.next(), parentId: ACCOUNT, name, createdOn: now, owner, comment: "", parameters: {} }) as const;
  const grant = (privilege: string, objectId: number, grantee: Role | User, by: string): void =>
    change.grant({
      privilege,
      objectId,
      granteeKind: grantee.kind,
      granteeId: grantee.id,
      grantOption: grantee.name === "ACCOUNTADMIN",
      grantedBy: by,
      createdOn: now,
    });
  const roles = new Map<string, Role>();
  for (const name of [...Object.keys(SYSTEM_ROLE_PRIVILEGES), "PUBLIC"]) {
    const role: Role = { ...base(name, null), kind: "ROLE" };
    roles.set(name, role);
    change.put(role);
    for (const privilege of SYSTEM_ROLE_PRIVILEGES[name] ?? []) grant(privilege, ACCOUNT, role, "");
  }
  for (const [role, to] of HIERARCHY) grant("USAGE", roles.get(role)!.id, roles.get(to)!, "");
  const user: User = {
    ...base(first.name, "ACCOUNTADMIN"),
    kind: "USER",
    passwordHash: first.passwordHash,
    disabled: false,
    properties: { DEFAULT_ROLE: "ACCOUNTADMIN", LOGIN_NAME: first.name },
  };
  change.put(user);
  grant("USAGE", roles.get("ACCOUNTADMIN")!.id, user, "");
}
