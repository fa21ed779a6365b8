import type { User } from "../../catalog/objects";
import { insufficientPrivileges } from "../../errors";
import type { Describe } from "../../sql/ast/statements/metadata";
import { owns } from "../../execution/authorize";
import type { Handler } from "../../execution/context";
import { findOnAccount } from "../../execution/lookup";
import { rows, TEXT } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import { fingerprint } from "./publicKey";

/** A property as it is listed: what is not set is the text `null`, as clients expect it. */
type Shown = readonly [name: string, value: string | null | undefined, usual: string, description: string];

const NONE = "null";

/** Source: "DESCRIBE USER". */
export const describeUser: Handler<Describe> = async (statement, context) => {
  const user = findOnAccount(context, "USER", statement.name);
  if (user.id !== context.session.user.id && !owns(context, user)) throw insufficientPrivileges("user", user.name);
  const now = context.instance.clock.now();
  return rows(
    [
      ["property", TEXT],
      ["value", TEXT],
      ["default", TEXT],
      ["description", TEXT],
    ],
    properties(user, now).map(([name, value, usual, description]) => [name, value || NONE, usual, description]),
    StatementType.DESCRIBE,
  );
};

function properties(user: User, now: number): readonly Shown[] {
  const { properties: given } = user;
  const hasToken = (user.tokens ?? []).some((token) => token.expiresOn > now);
  return [
    ["NAME", user.name, NONE, "Name"],
    ["COMMENT", user.comment, NONE, "Comment on the user"],
    ["DISPLAY_NAME", given.DISPLAY_NAME ?? user.name, NONE, "Name that is shown for the user"],
    ["TYPE", given.TYPE, NONE, "Type of the user"],
    ["LOGIN_NAME", given.LOGIN_NAME ?? user.name, NONE, "Name by which the user logs in"],
    ["FIRST_NAME", given.FIRST_NAME, NONE, "First name"],
    ["MIDDLE_NAME", given.MIDDLE_NAME, NONE, "Middle name"],
    ["LAST_NAME", given.LAST_NAME, NONE, "Last name"],
    ["EMAIL", given.EMAIL, NONE, "Email address"],
    ["PASSWORD", user.passwordHash === null ? null : "********", NONE, "Password, never shown"],
    ["MUST_CHANGE_PASSWORD", "false", "false", "Whether the user must change the password"],
    ["DISABLED", String(user.disabled), "false", "Whether the user cannot log in"],
    ["SNOWFLAKE_LOCK", "false", "false", "Whether the service has locked the user"],
    ["SNOWFLAKE_SUPPORT", "false", "false", "Whether support may use the user"],
    ["DAYS_TO_EXPIRY", null, NONE, "Days after which the user expires"],
    ["MINS_TO_UNLOCK", null, NONE, "Minutes until a lock ends"],
    ["DEFAULT_WAREHOUSE", given.DEFAULT_WAREHOUSE, NONE, "Warehouse that sessions begin with"],
    ["DEFAULT_NAMESPACE", given.DEFAULT_NAMESPACE, NONE, "Database, or schema, that sessions begin with"],
    ["DEFAULT_ROLE", given.DEFAULT_ROLE, NONE, "Primary role that sessions begin with"],
    ["DEFAULT_SECONDARY_ROLES", secondaryRoles(given.DEFAULT_SECONDARY_ROLES), '["ALL"]', "Roles that count beside it"],
    ["EXT_AUTHN_DUO", "false", "false", "Whether logins need Duo"],
    ["EXT_AUTHN_UID", null, NONE, "The user's name for Duo"],
    ["DEFAULT_MFA_METHOD", null, NONE, "Second factor that is asked for first"],
    ["HAS_MFA", "false", "false", "Whether the user has a second factor"],
    ["HAS_PAT", String(hasToken), "false", "Whether the user has a programmatic access token"],
    ["HAS_WORKLOAD_IDENTITY", "false", "false", "Whether a workload logs in as the user"],
    ["MINS_TO_BYPASS_MFA", null, NONE, "Minutes without a second factor"],
    ["MINS_TO_BYPASS_NETWORK_POLICY", null, NONE, "Minutes without a network policy"],
    ...["RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2"].flatMap((name) => publicKey(name, given)),
    ["PASSWORD_LAST_SET_TIME", given.PASSWORD_LAST_SET_TIME, NONE, "When the password was set"],
    ["CUSTOM_LANDING_PAGE_URL", null, NONE, "Reserved"],
    ["CUSTOM_LANDING_PAGE_URL_FLUSH_NEXT_UI_LOAD", "false", "false", "Reserved"],
    ["IS_FROM_ORGANIZATION_USER", "false", "false", "Whether the user comes from the organization"],
  ];
}

function publicKey(name: string, given: User["properties"]): Shown[] {
  const key = given[name];
  return [
    [name, key, NONE, "Public key for logins without a password"],
    [`${name}_FP`, key === undefined ? null : fingerprint(key), NONE, "Fingerprint of the public key"],
    [`${name}_LAST_SET_TIME`, given[`${name}_LAST_SET_TIME`], NONE, "When the public key was set"],
  ];
}

/** Without a setting all roles count, which is Snowflake's default. */
function secondaryRoles(setting: string | undefined): string {
  return setting === "ALL" ? '["ALL"]' : "[]";
}
