import type { NotificationIntegration } from "../../catalog/objects";
import { compilationError, invalidValue, SnowflakeError, unsupported } from "../../errors";
import type { Property } from "../../sql/ast/property";
import { propertyText } from "../../sql/ast/property";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreateOnAccount, register } from "../../execution/create";
import { findOnAccount, tryFindOnAccount } from "../../execution/lookup";
import { BOOLEAN, rows, status, succeeded, TEXT } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { unverifiedIndexes } from "./recipients";
import { listing } from "../../execution/listing";
import { StatementType } from "../../account/statementType";
import { type ShownColumn, NAME, CREATED_ON } from "../../execution/shownColumn";
import { quoteIfNeeded } from "../../quoting";

/** Addresses that an integration may name at most. Source: "CREATE NOTIFICATION INTEGRATION (email)". */
const MOST_RECIPIENTS = 50;

/** CREATE NOTIFICATION INTEGRATION with TYPE = EMAIL; queues and webhooks are refused. Source: "CREATE NOTIFICATION INTEGRATION". */
export const createNotificationIntegration: Handler<StatementOf<"createNotificationIntegration">> = async (
  statement,
  context,
) => {
  const plan = planCreateOnAccount(context, "NOTIFICATION INTEGRATION", statement.name, statement);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const fresh: NotificationIntegration = {
    ...plan.base,
    type: "EMAIL",
    enabled: false,
    allowedRecipients: null,
    defaultRecipients: null,
    defaultSubject: null,
  };
  const given = new Set(statement.properties.map((property) => property.name));
  const missing = ["TYPE", "ENABLED"].filter((name) => !given.has(name));
  if (missing.length > 0) throw compilationError(`Missing option(s): [${missing.join(", ")}]`, "002139", "42601");
  const integration = withSettings(fresh, statement.properties, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), integration, plan.replaced);
  });
  return status(`Integration ${quoteIfNeeded(integration.name)} successfully created.`);
};

/** Source: "ALTER NOTIFICATION INTEGRATION". */
export const alterNotificationIntegration: Handler<StatementOf<"alterIntegration">> = async (statement, context) => {
  const found = tryFindOnAccount(context, "NOTIFICATION INTEGRATION", statement.name);
  if (!found) {
    if (statement.ifExists) return succeeded();
    return findOnAccount(context, "NOTIFICATION INTEGRATION", statement.name) as never;
  }
  requireOwnership(context, found);
  const changed = altered(found, statement, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

function altered(
  integration: NotificationIntegration,
  statement: StatementOf<"alterIntegration">,
  context: StatementContext,
): NotificationIntegration {
  const { action } = statement;
  switch (action.action) {
    case "set":
      return withSettings(integration, action.properties, context);
    case "unset": {
      const next = { ...integration };
      for (const name of action.names) {
        if (name === "ALLOWED_RECIPIENTS") next.allowedRecipients = null;
        else if (name === "DEFAULT_RECIPIENTS") next.defaultRecipients = null;
        else if (name === "DEFAULT_SUBJECT") next.defaultSubject = null;
        else if (name === "COMMENT") next.comment = "";
        else throw unsupported(`ALTER NOTIFICATION INTEGRATION UNSET ${name}`);
      }
      return next;
    }
    default:
      throw unsupported(`ALTER NOTIFICATION INTEGRATION ${action.action}`);
  }
}

function withSettings(
  before: NotificationIntegration,
  given: readonly Property[],
  context: StatementContext,
): NotificationIntegration {
  const properties = new Properties(given, context);
  const type = properties.text("TYPE")?.toUpperCase();
  if (type !== undefined && type !== "EMAIL") throw unsupported(`NOTIFICATION INTEGRATION with TYPE = ${type}`);
  properties.refuse("DIRECTION", "NOTIFICATION_PROVIDER", "WEBHOOK_URL");
  const allowed = addresses(properties, "ALLOWED_RECIPIENTS");
  const defaults = addresses(properties, "DEFAULT_RECIPIENTS");
  const subject = properties.text("DEFAULT_SUBJECT");
  const next = {
    ...before,
    enabled: properties.boolean("ENABLED") ?? before.enabled,
    comment: properties.text("COMMENT") ?? before.comment,
    allowedRecipients: allowed ?? before.allowedRecipients,
    defaultRecipients: defaults ?? before.defaultRecipients,
    defaultSubject: subject ?? before.defaultSubject,
  };
  properties.done();
  if (subject !== undefined && subject.length > 256) throw invalidValue(subject, "DEFAULT_SUBJECT");
  for (const list of [allowed, defaults]) if (list) requireVerified(list, context);
  return next;
}

function addresses(properties: Properties, name: string): readonly string[] | undefined {
  const value = properties.raw(name);
  const items = value?.kind === "list" ? value.items : value ? [value] : [];
  const bare = items.find((item) => item.kind === "identifier" || item.kind === "number" || item.kind === "boolean");
  if (bare) throw invalidValue(propertyText(bare)!, name);
  if (value?.kind === "string") throw invalidValue(value.value, name);
  const found = properties.texts(name);
  if (found && found.length > MOST_RECIPIENTS) {
    throw compilationError(`${name} has ${found.length} addresses. At most ${MOST_RECIPIENTS} are allowed.`);
  }
  return found;
}

/** @throws SnowflakeError 394209 with the places of addresses that are no user's */
export function requireVerified(list: readonly string[], context: StatementContext): void {
  const wrong = unverifiedIndexes(list, context);
  if (wrong.length === 0) return;
  throw new SnowflakeError(
    "394209",
    "22023",
    `Email recipients in the given list at indexes [${wrong.join(", ")}] are not allowed. Either these email addresses are not yet validated or do not belong to any user in the current account.`,
  );
}

const COLUMNS: readonly ShownColumn<NotificationIntegration>[] = [
  NAME,
  ["type", TEXT, (integration) => integration.type],
  ["category", TEXT, () => "NOTIFICATION"],
  ["enabled", BOOLEAN, (integration) => integration.enabled],
  ["comment", TEXT, (integration) => integration.comment || null],
  CREATED_ON,
  ["direction", TEXT, () => "OUTBOUND"],
];

/** Source: "SHOW NOTIFICATION INTEGRATIONS". */
export const showNotificationIntegrations = listing("NOTIFICATION INTEGRATION", COLUMNS);

/** Source: "DESCRIBE NOTIFICATION INTEGRATION". */
export const describeNotificationIntegration: Handler<StatementOf<"describe">> = async (statement, context) => {
  const found = findOnAccount(context, "NOTIFICATION INTEGRATION", statement.name);
  const list = (values: readonly string[] | null): string => (values ?? []).join(",");
  return rows(
    [
      ["property", TEXT],
      ["property_type", TEXT],
      ["property_value", TEXT],
      ["property_default", TEXT],
    ],
    [
      ["ENABLED", "Boolean", String(found.enabled), "false"],
      ["DIRECTION", "String", "OUTBOUND", "INBOUND"],
      ["ALLOWED_RECIPIENTS", "List", list(found.allowedRecipients), "[]"],
      ["DEFAULT_RECIPIENTS", "List", list(found.defaultRecipients), "[]"],
      ["DEFAULT_SUBJECT", "String", found.defaultSubject ?? "", ""],
      ["COMMENT", "String", found.comment, ""],
    ],
    StatementType.DESCRIBE,
  );
};
