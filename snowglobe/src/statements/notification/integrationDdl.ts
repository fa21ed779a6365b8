import type { NotificationIntegration } from "../../catalog/objects";
import { clauseLines, commentClause, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";

/** CREATE NOTIFICATION INTEGRATION. Snowflake's GET_DDL knows storage integrations only; the text is given all the same. */
export const integrationDdl: DdlWriter<NotificationIntegration> = (integration, name) => {
  const list = (values: readonly string[]): string => `(${values.map(quoteString).join(", ")})`;
  return `create or replace notification integration ${name}${clauseLines(
    `type=${integration.type}`,
    `enabled=${String(integration.enabled).toUpperCase()}`,
    integration.allowedRecipients !== null && `allowed_recipients=${list(integration.allowedRecipients)}`,
    integration.defaultRecipients !== null && `default_recipients=${list(integration.defaultRecipients)}`,
    integration.defaultSubject !== null && `default_subject=${quoteString(integration.defaultSubject)}`,
    commentClause(integration),
  )};`;
};
