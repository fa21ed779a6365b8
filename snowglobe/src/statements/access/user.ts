import type { User } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { insufficientPrivileges, invalidValue, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { propertyText, type Property, type PropertyValue } from "../../sql/ast/property";
import { owns } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreateOnAccount, register, renamedOnAccount } from "../../execution/create";
import { findOnAccount, tryFindOnAccount } from "../../execution/lookup";
import { status, succeeded, TEXT } from "../../execution/outcome";
import { alterTokens, isTokenAction } from "./accessTokens";
import { hashPassword } from "./password";
import { requirePublicKey } from "./publicKey";
import { Properties } from "../../execution/properties";
import { listing } from "../../execution/listing";
import { type ShownColumn, NAME, CREATED_ON, COMMENT } from "../../execution/shownColumn";

/** Text properties of a user that are kept as they are. Source: "CREATE USER". */
const TEXTS = [
  "LOGIN_NAME",
  "DISPLAY_NAME",
  "FIRST_NAME",
  "MIDDLE_NAME",
  "LAST_NAME",
  "EMAIL",
  "DEFAULT_WAREHOUSE",
  "DEFAULT_NAMESPACE",
  "DEFAULT_ROLE",
  "TYPE",
];

async function settings(given: readonly Property[], context: StatementContext, before: User): Promise<User> {
  const properties = new Properties(given, context);
  const texts: Record<string, string> = { ...before.properties };
  for (const name of TEXTS) {
    const value = properties.text(name);
    if (value !== undefined) texts[name] = value;
  }
  const secondary = properties.raw("DEFAULT_SECONDARY_ROLES");
  if (secondary) texts.DEFAULT_SECONDARY_ROLES = secondaryRoles(secondary);
  const password = properties.text("PASSWORD");
  // Passwords never expire here, so there is nothing that this could bring about.
  if (properties.boolean("MUST_CHANGE_PASSWORD")) throw unsupported("MUST_CHANGE_PASSWORD");
  for (const name of KEYS) {
    const key = properties.text(name);
    if (key === undefined) continue;
    requirePublicKey(key, name);
    texts[name] = key;
    texts[`${name}_LAST_SET_TIME`] = new Date(context.startedOn / 1000).toISOString();
  }
  properties.refuse("DAYS_TO_EXPIRY", "MINS_TO_UNLOCK", "NETWORK_POLICY");
  const user: User = {
    ...before,
    properties: texts,
    disabled: properties.boolean("DISABLED") ?? before.disabled,
    comment: properties.text("COMMENT") ?? before.comment,
    passwordHash: password === undefined ? before.passwordHash : await hashPassword(password),
    parameters: { ...before.parameters, ...properties.parameters("USER") },
  };
  properties.done();
  return user;
}

/** Public keys for logins without a password. Source: "Key-pair authentication and key-pair rotation". */
const KEYS = ["RSA_PUBLIC_KEY", "RSA_PUBLIC_KEY_2"];

/** `('ALL')` or `()`: which roles beside the primary one count from the login on. */
function secondaryRoles(value: PropertyValue): string {
  const items = value.kind === "list" ? value.items.map(propertyText) : [propertyText(value)];
  if (items.length === 0) return "NONE";
  if (items.length === 1 && items[0]?.toUpperCase() === "ALL") return "ALL";
  throw invalidValue(items.join(", "), "DEFAULT_SECONDARY_ROLES");
}

export const createUser: Handler<StatementOf<"createUser">> = async (statement, context) => {
  const plan = planCreateOnAccount(context, "USER", statement.name, statement);
  if (plan.kind === "exists") return status(`${plan.name} already exists, statement succeeded.`);
  const fresh: User = { ...plan.base, passwordHash: null, disabled: false, properties: {} };
  const user = await settings(statement.properties, context, fresh);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), user, plan.replaced);
  });
  return status(`User ${user.name} successfully created.`);
};

export const alterUser: Handler<StatementOf<"alterUser">> = async (statement, context) => {
  const user = statement.name
    ? tryFindOnAccount(context, "USER", statement.name)
    : context.instance.catalog.require("USER", context.session.user.id);
  if (!user) {
    if (statement.ifExists) return succeeded();
    return findOnAccount(context, "USER", statement.name!) as never;
  }
  if (isTokenAction(statement.action)) return alterTokens(statement.action, user, context);
  if (!owns(context, user)) throw insufficientPrivileges("user", user.name);
  const changed = await alter(statement, context, user);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

async function alter(statement: StatementOf<"alterUser">, context: StatementContext, user: User): Promise<User> {
  const { action } = statement;
  switch (action.action) {
    case "set":
      return settings(action.properties, context, user);
    case "unset":
      for (const name of action.names) {
        if (
          ![...TEXTS, ...KEYS, "DEFAULT_SECONDARY_ROLES", "COMMENT", "PASSWORD", "DISABLED"].includes(name) &&
          !parameterDefinition(name)
        ) {
          throw unsupported(`ALTER USER UNSET ${name}`);
        }
      }
      return {
        ...user,
        disabled: action.names.includes("DISABLED") ? false : user.disabled,
        parameters: Object.fromEntries(
          Object.entries(user.parameters).filter(([name]) => !action.names.includes(name)),
        ),
        comment: action.names.includes("COMMENT") ? "" : user.comment,
        passwordHash: action.names.includes("PASSWORD") ? null : user.passwordHash,
        properties: Object.fromEntries(
          Object.entries(user.properties).filter(([name]) => !action.names.includes(name)),
        ),
      };
    case "renameTo": {
      return renamedOnAccount(context, user, action.name);
    }
    default:
      throw unsupported(`ALTER USER ${action.action}`);
  }
}

const COLUMNS: readonly ShownColumn<User>[] = [
  NAME,
  CREATED_ON,
  ["login_name", TEXT, (user) => user.properties.LOGIN_NAME ?? user.name],
  ["display_name", TEXT, (user) => user.properties.DISPLAY_NAME ?? user.name],
  ["first_name", TEXT, (user) => user.properties.FIRST_NAME ?? ""],
  ["last_name", TEXT, (user) => user.properties.LAST_NAME ?? ""],
  ["email", TEXT, (user) => user.properties.EMAIL ?? ""],
  ["disabled", TEXT, (user) => String(user.disabled)],
  COMMENT,
  ["default_warehouse", TEXT, (user) => user.properties.DEFAULT_WAREHOUSE ?? ""],
  ["default_namespace", TEXT, (user) => user.properties.DEFAULT_NAMESPACE ?? ""],
  ["default_role", TEXT, (user) => user.properties.DEFAULT_ROLE ?? ""],
  ["owner", TEXT, (user) => user.owner ?? ""],
  ["has_password", TEXT, (user) => String(user.passwordHash !== null)],
];

/** Source: "SHOW USERS". */
export const showUsers = listing("USER", COLUMNS);
