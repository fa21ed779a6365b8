import type { MaskingPolicy, RowAccessPolicy } from "../../catalog/objects";
import {
  CREATED,
  DELETED,
  OWNER_TYPE,
  everyObject,
  identity,
  usageView,
  type UsageView,
} from "../../execution/accountUsage";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import type { ShownColumn } from "../../execution/shownColumn";
import { dataTypeText, VARIANT } from "../../sql/ast/dataType";
import { signature } from "./policy";
import { policyReferences, type PolicyReference } from "./policyReferences";
import { COLUMNS } from "./policyReferencesFunction";
import { optionsText } from "./showPolicies";

type Policy = MaskingPolicy | RowAccessPolicy;

const [POLICY_ID, POLICY_NAME, ...PLACE] = identity("POLICY", (policy: Policy) => policy);

/** Sources: "MASKING_POLICIES view", "ROW_ACCESS_POLICIES view". */
const POLICIES: readonly ShownColumn<Policy>[] = [
  POLICY_NAME!,
  POLICY_ID!,
  ...PLACE,
  ["POLICY_OWNER", TEXT, ({ owner }) => owner],
  ["POLICY_SIGNATURE", TEXT, signature],
  ["POLICY_RETURN_TYPE", TEXT, ({ returns }) => dataTypeText(returns)],
  ["POLICY_BODY", TEXT, ({ body }) => body],
  ["POLICY_COMMENT", VARIANT, ({ comment }) => (comment === "" ? null : JSON.stringify(comment))],
  CREATED,
  ["LAST_ALTERED", TIMESTAMP, ({ createdOn }) => createdOn],
  DELETED,
  OWNER_TYPE,
  ["OPTIONS", VARIANT, (policy) => optionsText(policy) || null],
];

/** Source: "POLICY_REFERENCES view": as of the table function, with the policy's id. */
const REFERENCES = COLUMNS.flatMap((column): ShownColumn<PolicyReference>[] =>
  column[0] === "POLICY_NAME" ? [["POLICY_ID", INTEGER, ({ policy }) => policy.id], column] : [column],
);

export const POLICY_USAGE: Readonly<Record<string, UsageView>> = {
  MASKING_POLICIES: usageView<Policy>((context) => everyObject(context, "MASKING POLICY"), POLICIES),
  ROW_ACCESS_POLICIES: usageView<Policy>((context) => everyObject(context, "ROW ACCESS POLICY"), POLICIES),
  POLICY_REFERENCES: usageView<PolicyReference>(({ instance }) => policyReferences(instance.catalog), REFERENCES),
};
