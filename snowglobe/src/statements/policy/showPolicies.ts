import type { MaskingPolicy, RowAccessPolicy } from "../../catalog/objects";
import { StatementType } from "../../account/statementType";
import type { Handler } from "../../execution/context";
import { listing } from "../../execution/listing";
import { find } from "../../execution/lookup";
import { TEXT } from "../../execution/outcome";
import {
  type ShownColumn,
  COMMENT,
  CREATED_ON,
  DATABASE_NAME,
  NAME,
  OWNER,
  OWNER_ROLE_TYPE,
  SCHEMA_NAME,
  shown,
} from "../../execution/shownColumn";
import { dataTypeText } from "../../sql/ast/dataType";
import type { StatementOf } from "../../sql/ast/statement";
import { signature } from "./policy";

type Policy = MaskingPolicy | RowAccessPolicy;

const COLUMNS: readonly ShownColumn<Policy>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  ["kind", TEXT, policyKind],
  OWNER,
  COMMENT,
  ["options", TEXT, optionsText],
  OWNER_ROLE_TYPE,
];

/** MASKING_POLICY or ROW_ACCESS_POLICY. */
export function policyKind({ kind }: Policy): string {
  return kind === "MASKING POLICY" ? "MASKING_POLICY" : "ROW_ACCESS_POLICY";
}

export function optionsText(policy: Policy): string {
  const exempts = policy.kind === "MASKING POLICY" && policy.exemptOtherPolicies;
  return exempts ? JSON.stringify({ EXEMPT_OTHER_POLICIES: "TRUE" }) : "";
}

/** Source: "SHOW MASKING POLICIES". */
export const showMaskingPolicies = listing("MASKING POLICY", COLUMNS);

/** Source: "SHOW ROW ACCESS POLICIES". */
export const showRowAccessPolicies = listing("ROW ACCESS POLICY", COLUMNS);

const DESCRIBED: readonly ShownColumn<Policy>[] = [
  NAME,
  ["signature", TEXT, signature],
  ["return_type", TEXT, ({ returns }) => dataTypeText(returns)],
  ["body", TEXT, ({ body }) => body],
];

/** Sources: "DESCRIBE MASKING POLICY", "DESCRIBE ROW ACCESS POLICY". */
export const describePolicy: Handler<StatementOf<"describe">> = async (statement, context) => {
  const kind = statement.objectKind === "MASKING POLICY" ? "MASKING POLICY" : "ROW ACCESS POLICY";
  const policy = find(context, kind, statement.name, `DESCRIBE ${kind}`);
  return shown(DESCRIBED, [policy], context, StatementType.DESCRIBE);
};
