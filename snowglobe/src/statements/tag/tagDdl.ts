import type { Tag } from "../../catalog/objects";
import { commentClause, referredName, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";

/** CREATE TAG, and ALTER TAG for the policies that are set on it. Source: "GET_DDL". */
export const tagDdl: DdlWriter<Tag> = (tag, name, context) => {
  const values = tag.allowedValues?.map(quoteString).join(", ");
  const words = [`create or replace tag ${name}`, values && `allowed_values ${values}`, commentClause(tag)];
  const policies = (tag.maskingPolicies ?? []).flatMap((id) => referredName(id, context) ?? []);
  return [
    `${words.filter(Boolean).join(" ")};`,
    ...policies.map((policy) => `alter tag ${name} set masking policy ${policy};`),
  ].join("\n");
};
