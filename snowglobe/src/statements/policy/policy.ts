import type { MaskingPolicy, RowAccessPolicy } from "../../catalog/objects";
import type { Catalog } from "../../catalog/catalog";
import { alreadyExists, compilationError, unsupported } from "../../errors";
import { requireOwnership } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register, requireInSchema } from "../../execution/create";
import { find, place, tryFind } from "../../execution/lookup";
import { status, succeeded } from "../../execution/outcome";
import { ownerContext } from "../../execution/ownerContext";
import { Properties } from "../../execution/properties";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { parseExpression } from "../../sql";
import { dataTypeText } from "../../sql/ast/dataType";
import type { AlterPolicy, CreatePolicy } from "../../sql/ast/statements/policy";
import { Binder } from "../../translate";
import { policyReferences } from "./policyReferences";
import { quoteIfNeeded } from "../../quoting";

type Policy = MaskingPolicy | RowAccessPolicy;

/** @throws SnowflakeError for a policy that is set somewhere: it can be altered, not dropped or replaced */
export function requireUnused(policy: Policy, catalog: Catalog): void {
  if (!policyReferences(catalog).some((reference) => reference.policy.id === policy.id)) return;
  throw compilationError(
    `Policy ${policy.name} cannot be dropped/replaced as it is associated with one or more entities.`,
    "003533",
    "23001",
  );
}

/** Sources: "CREATE MASKING POLICY", "CREATE ROW ACCESS POLICY". */
export const createPolicy: Handler<CreatePolicy> = async (statement, context) => {
  const kind = statement.kind === "createMaskingPolicy" ? "MASKING POLICY" : "ROW ACCESS POLICY";
  const properties = new Properties(statement.properties, context);
  const comment = properties.text("COMMENT") ?? "";
  const exemptOtherPolicies = kind === "MASKING POLICY" && (properties.boolean("EXEMPT_OTHER_POLICIES") ?? false);
  properties.done();
  const plan = planCreate(context, kind, statement.name, statement, { comment });
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  if (plan.replaced) requireUnused(plan.replaced, context.instance.catalog);
  const args = statement.arguments.map(({ name, type }) => ({ name: name.name, type }));
  const common = { arguments: args, returns: statement.returns, body: statement.body.text };
  const policy: Policy =
    plan.base.kind === "MASKING POLICY"
      ? { ...plan.base, kind: "MASKING POLICY", ...common, exemptOtherPolicies }
      : { ...plan.base, kind: "ROW ACCESS POLICY", ...common };
  requireSignature(policy);
  if (plan.altered && signature(plan.altered) !== signature(policy)) {
    throw compilationError(`The signature of policy ${policy.name} cannot be changed.`, "003536", "22023");
  }
  requireBody(policy, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), policy, plan.replaced);
  });
  const word = kind === "MASKING POLICY" ? "Masking policy" : "Row access policy";
  return status(`${word} ${quoteIfNeeded(policy.name)} successfully created.`);
};

/** `(VAL VARCHAR)`. */
export function signature(policy: Policy): string {
  return `(${policy.arguments.map(({ name, type }) => `${name} ${type.kind}`).join(", ")})`;
}

function requireSignature(policy: Policy): void {
  const twice = policy.arguments.find(({ name }, index, all) => all.findIndex((one) => one.name === name) !== index);
  if (twice) throw compilationError(`duplicate argument name '${twice.name}'`, "002025", "42S21");
  if (policy.kind === "ROW ACCESS POLICY") {
    if (policy.returns.kind === "BOOLEAN") return;
    throw compilationError(
      `A row access policy returns BOOLEAN, not ${dataTypeText(policy.returns)}.`,
      "003537",
      "22023",
    );
  }
  if (policy.returns.kind === policy.arguments[0]!.type.kind) return;
  throw compilationError("Masking policy function argument and return type mismatch.", "003537", "22023");
}

/** Binds the body, so that one that can never be computed is found now. */
function requireBody(policy: Policy, context: StatementContext): void {
  const inside = { ...ownerContext(context, policy), text: policy.body };
  const environment = queryEnvironment(inside);
  const binder = new Binder(
    {
      ...environment,
      resolveScalarFunction: (name, args) =>
        POLICY_FUNCTIONS.has(name.map((part) => part.name).join("."))
          ? { kind: "text", value: "" }
          : environment.resolveScalarFunction?.(name, args),
    },
    policy.body,
  );
  const columns = policy.arguments.map(({ name, type }) => ({ id: binder.newId(), name, type, nullable: true }));
  binder.scalar(parseExpression(policy.body), binder.scope(undefined, columns), "policy");
}

/** Functions that have a meaning in policies alone. */
const POLICY_FUNCTIONS: ReadonlySet<string> = new Set([
  "INVOKER_ROLE",
  "SYSTEM$GET_TAG_ON_CURRENT_COLUMN",
  "SYSTEM$GET_TAG_ON_CURRENT_TABLE",
]);

/** Sources: "ALTER MASKING POLICY", "ALTER ROW ACCESS POLICY". */
export const alterPolicy: Handler<AlterPolicy> = async (statement, context) => {
  const kind = statement.kind === "alterMaskingPolicy" ? "MASKING POLICY" : "ROW ACCESS POLICY";
  const found = tryFind(context, kind, statement.name, `ALTER ${kind}`);
  if (!found && statement.ifExists) return succeeded();
  const policy = found ?? find(context, kind, statement.name, `ALTER ${kind}`);
  requireOwnership(context, policy);
  const changed = altered(statement, policy, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

function altered({ action }: AlterPolicy, policy: Policy, context: StatementContext): Policy {
  switch (action.action) {
    case "setBody": {
      const changed = { ...policy, body: action.body.text };
      requireBody(changed, context);
      return changed;
    }
    case "renameTo": {
      const at = place(context, action.name, `ALTER ${policy.kind}`);
      const taken = context.instance.catalog.find(policy.kind, at.schema.id, at.name);
      if (taken) throw alreadyExists(quoteIfNeeded(at.name));
      if (at.schema.id !== policy.parentId) requireInSchema(context, at.schema, `CREATE ${policy.kind}`);
      return { ...policy, parentId: at.schema.id, name: at.name };
    }
    case "set": {
      const properties = new Properties(action.properties, context);
      const comment = properties.text("COMMENT") ?? policy.comment;
      properties.done();
      return { ...policy, comment };
    }
    case "unset":
      if (action.names.some((name) => name !== "COMMENT")) throw unsupported(`ALTER ${policy.kind} UNSET of this`);
      return { ...policy, comment: "" };
  }
}
