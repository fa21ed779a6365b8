import type { WorkshopConfig } from "../../components/config";
import type { WorkshopNames } from "../../components/naming";
import type { ResultRow } from "../../loader/connection";
import { messageOf } from "../errors";
import { fail, ok, warn, type Finding } from "./finding";
import { effectiveRole, hasPrivilege, neededPrivileges, type EffectiveRole } from "./privileges";

/** What the checks of an account ask about. */
export interface AccountPlan {
  readonly names: WorkshopNames;
  readonly config: Pick<WorkshopConfig, "accessRoles" | "monitoring" | "recipients" | "serverless" | "parentRole">;
}

type RowsOf = (statement: string) => Promise<readonly ResultRow[]>;

/** The comment of everything that the stack makes begins so. */
const OURS = /^Workshop: /;

/**
 * Login, role, privileges, names and mail of an account. Only SHOW statements, which make nothing and wake no warehouse.
 *
 * @param env SNOWFLAKE_* of the connection
 */
export async function checkAccount(env: NodeJS.ProcessEnv, plan: AccountPlan): Promise<Finding[]> {
  const { closeConnection, connectFromEnvironment, execute } = await import("../../loader/connection.js");
  let connection;
  try {
    connection = await connectFromEnvironment(env);
  } catch (error) {
    return [
      fail("login", messageOf(error), "check SNOWFLAKE_* or the connection; ./workshop doctor tells when it is right"),
    ];
  }
  const rowsOf: RowsOf = (statement) => execute(connection, statement);
  try {
    return await checkConnected(rowsOf, plan);
  } finally {
    await closeConnection(connection);
  }
}

/** One of a class, and what is to be hers. */
export interface MemberPlan extends AccountPlan {
  readonly attendee: string;
}

/**
 * Names and mail of each attendee of a class; what is well is told once for all.
 *
 * @param env SNOWFLAKE_* of the connection, with which {@link checkAccount} has found nothing wrong
 */
export async function checkMembers(env: NodeJS.ProcessEnv, plans: readonly MemberPlan[]): Promise<Finding[]> {
  const { closeConnection, connectFromEnvironment, execute } = await import("../../loader/connection.js");
  const connection = await connectFromEnvironment(env);
  const rowsOf: RowsOf = (statement) => execute(connection, statement);
  try {
    const findings: Finding[] = [];
    for (const { attendee, names, config } of plans)
      for (const finding of [
        ...(await checkNames(rowsOf, names, config.accessRoles)),
        ...(await checkMail(rowsOf, config)),
      ])
        if (finding.status !== "ok") findings.push({ ...finding, detail: `${attendee}: ${finding.detail}` });
    return findings.length > 0
      ? findings
      : [ok("attendees", "each one's names are free or the workshop's, and mail arrives")];
  } finally {
    await closeConnection(connection);
  }
}

async function checkConnected(rowsOf: RowsOf, { names, config }: AccountPlan): Promise<Finding[]> {
  const [current] = await rowsOf("SELECT CURRENT_ACCOUNT() AS A, CURRENT_USER() AS U, CURRENT_ROLE() AS R");
  const { A: account, U: user, R: role } = current ?? {};
  const findings = [ok("login", `user ${String(user)} of account ${String(account)}`)];
  if (typeof role !== "string")
    return [
      ...findings,
      fail("role", "there is no current role", "set SNOWFLAKE_ROLE to a role that may create databases"),
    ];
  const effective = await effectiveRole(role, rowsOf);
  return [
    ...findings,
    ok("role", `${role}${effective.roles.size > 1 ? `, with ${effective.roles.size - 1} roles below it` : ""}`),
    ...checkPrivileges(role, effective, config),
    ...(await checkNames(rowsOf, names, config.accessRoles)),
    ...(await checkMail(rowsOf, config)),
  ];
}

/** Each privilege that is needed; a missing one with the statement that grants it. */
function checkPrivileges(role: string, effective: EffectiveRole, config: AccountPlan["config"]): Finding[] {
  const findings = neededPrivileges(config).map(({ privilege, purpose }) =>
    hasPrivilege(effective, privilege)
      ? ok("privilege", `${privilege} (for ${purpose})`)
      : fail(
          "privilege",
          `${role} lacks ${privilege} (for ${purpose})`,
          `USE ROLE ACCOUNTADMIN; GRANT ${privilege} ON ACCOUNT TO ROLE ${quoted(role)};`,
        ),
  );
  const { parentRole } = config;
  if (!config.accessRoles || effective.roles.has(parentRole)) return findings;
  const fix = `GRANT ROLE ${quoted(parentRole)} TO ROLE ${quoted(role)}; or set workshop:parentRole to ${role}`;
  return [
    ...findings,
    fail("parent role", `${role} does not have ${parentRole}, which gets the workshop's roles`, fix),
  ];
}

/** What is there under the stack's names must be the workshop's. */
async function checkNames(rowsOf: RowsOf, names: WorkshopNames, accessRoles: boolean): Promise<Finding[]> {
  const wanted = [
    ["WAREHOUSES", names.warehouse],
    ["DATABASES", names.rawDatabase],
    ["DATABASES", names.analyticsDatabase],
    ...(accessRoles
      ? [names.loaderRole, names.transformerRole, names.analystRole].map((name) => ["ROLES", name] as const)
      : []),
  ] as const;
  const found = await Promise.all(
    wanted.map(async ([kind, name]) => {
      const rows = await rowsOf(`SHOW ${kind} LIKE '${name}'`);
      const row = rows.find((candidate) => candidate.name === name);
      return { kind: kind.toLowerCase().replace(/s$/, ""), name, comment: row && String(row.comment ?? "") };
    }),
  );
  const foreign = found.filter(({ comment }) => comment !== undefined && !OURS.test(comment));
  if (foreign.length === 0)
    return [ok("names", `${wanted.map(([, name]) => name).join(", ")}: free, or the workshop's`)];
  return foreign.map(({ kind, name }) =>
    fail(
      "names",
      `there is a ${kind} ${name} already, and the workshop did not make it`,
      "choose --attendee NAME, which gives all names a prefix",
    ),
  );
}

/** Snowflake mails to verified addresses of the account's own users only, and does not show which are verified. */
async function checkMail(rowsOf: RowsOf, { monitoring, recipients }: AccountPlan["config"]): Promise<Finding[]> {
  if (!monitoring) return [ok("mail", "off (workshop:monitoring)")];
  if (recipients.length === 0)
    return [warn("mail", "nobody gets the alert's mail", "pulumi config set workshop:recipients ada@example.com")];
  const users = await rowsOf("SHOW USERS").catch(() => undefined);
  if (!users?.some((user) => user.email))
    return [
      warn("mail", "users' addresses cannot be seen by this role", "each recipient must be a user's verified address"),
    ];
  return recipients.map((address) => {
    const user = users.find((row) => String(row.email).toLowerCase() === address.toLowerCase());
    if (!user || String(user.disabled) === "true")
      return fail("mail", `${address} is the address of no enabled user`, `ALTER USER NAME SET EMAIL = '${address}';`);
    const name = String(user.name);
    return ok(
      "mail",
      `${address} is user ${name}'s; it must be verified (SELECT SYSTEM$START_USER_EMAIL_VERIFICATION('${name}'))`,
    );
  });
}

function quoted(name: string): string {
  return /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
