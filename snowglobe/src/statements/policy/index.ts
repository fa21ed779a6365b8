import type { StatementModule } from "../../execution/statementModule";
import { alterPolicy, createPolicy } from "./policy";
import { policyDdl } from "./policyDdl";
import { policyReferencesRelation } from "./policyReferencesFunction";
import { POLICY_USAGE } from "./policyUsageViews";
import { describePolicy, showMaskingPolicies, showRowAccessPolicies } from "./showPolicies";

/** Masking and row access policies. */
export const policyModule: StatementModule = {
  definitions: {
    createMaskingPolicy: createPolicy,
    createRowAccessPolicy: createPolicy,
    alterMaskingPolicy: alterPolicy,
    alterRowAccessPolicy: alterPolicy,
  },
  show: { "MASKING POLICIES": showMaskingPolicies, "ROW ACCESS POLICIES": showRowAccessPolicies },
  describe: { "MASKING POLICY": describePolicy, "ROW ACCESS POLICY": describePolicy },
  ddl: { "MASKING POLICY": policyDdl, "ROW ACCESS POLICY": policyDdl },
  tableFunctions: { POLICY_REFERENCES: policyReferencesRelation },
  accountUsage: POLICY_USAGE,
};
