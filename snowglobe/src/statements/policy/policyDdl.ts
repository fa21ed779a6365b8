import type { MaskingPolicy, RowAccessPolicy } from "../../catalog/objects";
import { commentClause, type DdlWriter } from "../../execution/ddl";
import { dataTypeText } from "../../sql/ast/dataType";
import { quoteIfNeeded } from "../../quoting";

/** CREATE MASKING POLICY and CREATE ROW ACCESS POLICY. Source: "GET_DDL", masking policies. */
export const policyDdl: DdlWriter<MaskingPolicy | RowAccessPolicy> = (policy, name) => {
  const args = policy.arguments.map((one) => `${quoteIfNeeded(one.name)} ${dataTypeText(one.type)}`).join(", ");
  const clauses = [
    commentClause(policy),
    policy.kind === "MASKING POLICY" && policy.exemptOtherPolicies && "EXEMPT_OTHER_POLICIES=TRUE",
  ].filter(Boolean);
  const tail = clauses.map((clause) => ` ${String(clause)}`).join("");
  const returns = dataTypeText(policy.returns);
  return `create or replace ${policy.kind} ${name} as (${args}) returns ${returns} ->\n${policy.body}${tail};`;
};
