import type { Tag } from "../../catalog/objects";
import { maskingPolicies } from "../../execution/attachmentDdl";
import { commentClause, type DdlWriter } from "../../execution/ddl";
import { quoteString } from "../../sql";

/** CREATE TAG, and ALTER TAG for the policies that are set on it. Source: "GET_DDL". */
export const tagDdl: DdlWriter<Tag> = (tag, name, context) => {
  const values = tag.allowedValues?.map(quoteString).join(", ");
  const words = [`create or replace tag ${name}`, values && `allowed_values ${values}`, commentClause(tag)];
  const policies = maskingPolicies(tag.maskingPolicies ?? [], context);
  return [`${words.filter(Boolean).join(" ")};`, ...policies.map((policy) => `alter tag ${name} set ${policy};`)].join(
    "\n",
  );
};
