import { randomUUID } from "node:crypto";
import type { NotificationIntegration } from "../../catalog/objects";
import { invalidArguments, SnowflakeError } from "../../errors";
import { parseObjectName } from "../../sql";
import { VARCHAR } from "../../sql/ast/dataType";
import type { ActingFunction } from "../../execution/actingFunction";
import { holds } from "../../execution/authorize";
import { riderOf } from "../../execution/context";
import type { StatementContext } from "../../execution/context";
import { findOnAccount } from "../../execution/lookup";
import type { Mail } from "../../account/notificationHistory";
import { requireVerified } from "./notificationIntegration";
import { BOOLEAN } from "../../execution/outcome";

/** Characters of a mail's body at most. Source: "SYSTEM$SEND_EMAIL". */
const MOST_CONTENT = 128_000;
/** Characters of a subject at most. Source: "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION". */
const MOST_SUBJECT = 256;
const DEFAULT_SUBJECT = "Snowflake Email Notification";

/** A mail and the integration that it goes through. */
interface Addressed {
  readonly integration: NotificationIntegration;
  readonly mail: Mail;
}

/** The functions that send. The mail is queued once all of it has been checked: a call that fails sends to nobody. */
export const SENDERS: Readonly<Record<string, ActingFunction>> = {
  SYSTEM$SEND_EMAIL: {
    type: BOOLEAN,
    parameters: [
      ["INTEGRATION_NAME"],
      ["RECIPIENTS", "EMAIL_ADDRESSES"],
      ["SUBJECT", "EMAIL_SUBJECT"],
      ["CONTENT", "EMAIL_CONTENT"],
      ["MIME_TYPE"],
    ],
    act: async (values, context) => {
      await queue([sendEmail(values, context)], context);
      return true;
    },
  },
  SYSTEM$SEND_SNOWFLAKE_NOTIFICATION: {
    type: VARCHAR,
    act: async (values, context) => {
      await queue(sendNotification(values, context), context);
      return "Enqueued notifications";
    },
  },
};

async function queue(mails: readonly Addressed[], { instance, session }: StatementContext): Promise<void> {
  for (const { integration, mail } of mails) {
    await instance.notifications.queue(
      {
        id: randomUUID(),
        createdOn: instance.clock.now(),
        processedOn: null,
        integration: integration.name,
        status: "QUEUED",
        errorMessage: null,
        mail,
      },
      riderOf(session),
    );
  }
}

/** Source: "SYSTEM$SEND_EMAIL". */
function sendEmail(values: readonly (string | null)[], context: StatementContext): Addressed {
  const [name, recipients, subject, content, mimeType = "text/plain"] = values;
  if (values.length < 4 || values.length > 5) {
    throw invalidArguments(
      "SYSTEM$SEND_EMAIL",
      values.map(() => "VARCHAR"),
    );
  }
  const integration = integrationOf(name ?? "", context);
  if (mimeType !== "text/plain" && mimeType !== "text/html") {
    throw notificationError(`Invalid mime type '${mimeType ?? "NULL"}'. Use 'text/plain' or 'text/html'.`);
  }
  const to = (recipients ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  const mail = mailOf({ to, cc: [], bcc: [] }, subject ?? "", { [mimeType]: content ?? "" });
  requireRecipients(integration, mail, context);
  return { integration, mail };
}

/** Source: "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION". */
function sendNotification(values: readonly (string | null)[], context: StatementContext): Addressed[] {
  if (values.length !== 2)
    throw invalidArguments(
      "SYSTEM$SEND_SNOWFLAKE_NOTIFICATION",
      values.map(() => "VARCHAR"),
    );
  const contents: Record<string, string> = {};
  for (const message of jsonObjects(values[0]!, "message")) {
    for (const [type, content] of Object.entries(message)) {
      if (type !== "text/plain" && type !== "text/html" && type !== "application/json") {
        throw notificationError(`Unsupported content type '${type}'.`);
      }
      contents[type] = String(content);
    }
  }
  return jsonObjects(values[1]!, "integration configuration").flatMap((configuration) =>
    Object.entries(configuration).map(([name, settings]) => {
      const integration = integrationOf(name, context);
      const given = (settings ?? {}) as Readonly<Record<string, unknown>>;
      const to = addressList(given.toAddress, "toAddress");
      const recipients = {
        to: to.length > 0 ? to : (integration.defaultRecipients ?? []),
        cc: addressList(given.ccAddress, "ccAddress"),
        bcc: addressList(given.bccAddress, "bccAddress"),
      };
      const subject =
        typeof given.subject === "string" ? given.subject : (integration.defaultSubject ?? DEFAULT_SUBJECT);
      const mail = mailOf(recipients, subject, contents);
      requireRecipients(integration, mail, context);
      return { integration, mail };
    }),
  );
}

/** An argument that is a JSON object as text, or an array of such. */
function jsonObjects(text: string | null, what: string): Record<string, unknown>[] {
  const parsed = parseJson(text, what);
  return (Array.isArray(parsed) ? parsed : [parsed]).map((one: unknown) => {
    const object: unknown = typeof one === "string" ? parseJson(one, what) : one;
    if (typeof object !== "object" || object === null || Array.isArray(object)) {
      throw notificationError(`The ${what} is not a JSON object.`);
    }
    return object as Record<string, unknown>;
  });
}

function parseJson(text: string | null, what: string): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    throw notificationError(`The ${what} is not valid JSON.`);
  }
}

function addressList(value: unknown, key: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((one): one is string => typeof one === "string")) {
    throw notificationError(`'${key}' is not an array of email addresses.`);
  }
  return value;
}

function mailOf(
  recipients: Pick<Mail, "to" | "cc" | "bcc">,
  subject: string,
  contents: Readonly<Record<string, string>>,
): Mail {
  const text = contents["text/plain"];
  const html = contents["text/html"];
  if (subject.length < 1 || subject.length > MOST_SUBJECT) {
    throw notificationError(`Invalid email subject length ${subject.length}. Should be between 1 and ${MOST_SUBJECT}.`);
  }
  for (const content of [text, html]) if (content !== undefined) requireContent(content.length);
  if (text === undefined && html === undefined) {
    throw notificationError("An email takes a message with content type 'text/plain' or 'text/html'.");
  }
  return { ...recipients, subject, ...(text !== undefined && { text }), ...(html !== undefined && { html }) };
}

function requireContent(length: number): void {
  if (length >= 1 && length <= MOST_CONTENT) return;
  throw notificationError(`Invalid email content length ${length}. Should be between 1 and 128,000.`);
}

/** @throws SnowflakeError also for an integration that the role may not use, or that is switched off */
function integrationOf(name: string, context: StatementContext): NotificationIntegration {
  const missing = new SnowflakeError("394200", "02000", `Integration '${name}' does not exist or not authorized.`);
  let found: NotificationIntegration;
  try {
    found = findOnAccount(context, "NOTIFICATION INTEGRATION", parseObjectName(name));
  } catch {
    throw missing;
  }
  if (!holds(context, "USAGE", found.id)) throw missing;
  if (!found.enabled) throw notificationError(`Integration '${found.name}' is not enabled.`);
  return found;
}

function requireRecipients(integration: NotificationIntegration, mail: Mail, context: StatementContext): void {
  // Blind copies alone are not enough. Source: "EMAIL_INTEGRATION_CONFIG".
  if (mail.to.length + mail.cc.length === 0) {
    throw notificationError("No recipients: give at least one address, or set DEFAULT_RECIPIENTS on the integration.");
  }
  const all = [...mail.to, ...mail.cc, ...mail.bcc];
  if (integration.allowedRecipients) {
    const allowed = new Set(integration.allowedRecipients.map((one) => one.toLowerCase()));
    const refused = all.filter((one) => !allowed.has(one.toLowerCase()));
    if (refused.length > 0) {
      throw notificationError(
        `Following email address(es) are not allowed by the email integration ${integration.name}: [${refused.join(", ")}]`,
      );
    }
  }
  requireVerified(all, context);
}

function notificationError(message: string): SnowflakeError {
  return new SnowflakeError("394209", "22023", message);
}
