import type { WorkshopConfig } from "../../components/config";
import type { ResultRow } from "../../loader/connection";

/** What a role may do, its own privileges and those of the roles that it has. */
export interface EffectiveRole {
  /** Privileges on the account. */
  readonly onAccount: ReadonlySet<string>;
  /** The role itself and every role below it. */
  readonly roles: ReadonlySet<string>;
}

/** A privilege that the deploying role needs, and what for. */
export interface NeededPrivilege {
  readonly privilege: string;
  readonly purpose: string;
}

/**
 * What the role that deploys must be allowed on the account. With roles of the workshop's own it hands further privileges
 * on, which MANAGE GRANTS allows; without them it does the work itself.
 *
 * Snowflake documentation: "Access control privileges", "CREATE NOTIFICATION INTEGRATION (email)".
 */
export function neededPrivileges(
  config: Pick<WorkshopConfig, "accessRoles" | "monitoring" | "recipients" | "serverless">,
): readonly NeededPrivilege[] {
  const { accessRoles, monitoring, serverless } = config;
  const mails = monitoring && config.recipients.length > 0;
  const needed: readonly (NeededPrivilege & { readonly when?: boolean })[] = [
    { privilege: "CREATE DATABASE", purpose: "the databases" },
    { privilege: "CREATE WAREHOUSE", purpose: "the warehouse" },
    { privilege: "CREATE ROLE", purpose: "the roles", when: accessRoles },
    { privilege: "MANAGE GRANTS", purpose: "what the roles may do", when: accessRoles },
    { privilege: "CREATE INTEGRATION", purpose: "mail", when: mails },
    { privilege: "EXECUTE TASK", purpose: "the task", when: !accessRoles && monitoring },
    { privilege: "EXECUTE MANAGED TASK", purpose: "the task", when: !accessRoles && monitoring && serverless },
    { privilege: "EXECUTE ALERT", purpose: "the alert", when: !accessRoles && mails },
    { privilege: "EXECUTE MANAGED ALERT", purpose: "the alert", when: !accessRoles && mails && serverless },
  ];
  return needed.filter(({ when }) => when ?? true).map(({ privilege, purpose }) => ({ privilege, purpose }));
}

/** Whether a role may do it; ACCOUNTADMIN, at the top of all roles, may do everything of these. */
export function hasPrivilege({ onAccount, roles }: EffectiveRole, privilege: string): boolean {
  return roles.has("ACCOUNTADMIN") || onAccount.has(privilege);
}

/**
 * What a role may do, by SHOW GRANTS of it and of every role below. Makes nothing. A role whose grants may not be seen
 * counts as one without any.
 *
 * @param rowsOf runs a statement and gives its rows
 */
export async function effectiveRole(
  role: string,
  rowsOf: (statement: string) => Promise<readonly ResultRow[]>,
): Promise<EffectiveRole> {
  const onAccount = new Set<string>();
  const roles = new Set<string>([role]);
  // A set goes on with what is added to it on the way.
  for (const name of roles) {
    const grants = await rowsOf(`SHOW GRANTS TO ROLE "${name.replaceAll('"', '""')}"`).catch(() => []);
    for (const { privilege, granted_on: on, name: granted } of grants) {
      if (on === "ACCOUNT") onAccount.add(String(privilege));
      // USAGE of a role is how SHOW GRANTS tells that it was granted.
      if (on === "ROLE" && privilege === "USAGE") roles.add(unquoted(String(granted)));
    }
  }
  return { onAccount, roles };
}

/** SHOW GRANTS quotes names that need it. */
function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1).replaceAll('""', '"') : name;
}
