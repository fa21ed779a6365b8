import type { MaskingPolicy, Tag } from "../../catalog/objects";
import { ACCOUNT } from "../../catalog/privileges";
import { alreadyExists, compilationError, insufficientPrivileges, unsupported } from "../../errors";
import { holds, requireOwnership } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register, requireInSchema } from "../../execution/create";
import { find, place, tryFind } from "../../execution/lookup";
import { status, succeeded } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import type { StatementOf } from "../../sql/ast/statement";
import type { ObjectName } from "../../sql/ast/identifier";
import { quoteIfNeeded } from "../../quoting";

/** Source: "CREATE TAG". */
const MOST_ALLOWED_VALUES = 5_000;

/** Source: "CREATE TAG". */
export const createTag: Handler<StatementOf<"createTag">> = async (statement, context) => {
  const properties = new Properties(statement.properties, context);
  const comment = properties.text("COMMENT") ?? "";
  properties.refuse("PROPAGATE", "ON_CONFLICT", "MULTI_VALUE");
  properties.done();
  const plan = planCreate(context, "TAG", statement.name, statement, { comment });
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  if (plan.replaced) requireUnmasking(plan.replaced);
  const { maskingPolicies } = plan.altered ?? {};
  const tag: Tag = {
    ...plan.base,
    allowedValues: statement.allowedValues ? checkedValues(statement.allowedValues) : null,
    ...(maskingPolicies && { maskingPolicies }),
  };
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), tag, plan.replaced);
  });
  return status(`Tag ${quoteIfNeeded(tag.name)} successfully created.`);
};

/** @throws SnowflakeError for a tag that masks columns: it cannot be dropped or replaced. Source: "DROP TAG" */
export function requireUnmasking(tag: Tag): void {
  if ((tag.maskingPolicies ?? []).length === 0) return;
  throw compilationError(
    `Tag ${tag.name} cannot be dropped/replaced as it is associated with one or more masking policies.`,
    "003532",
    "23001",
  );
}

function checkedValues(values: readonly string[]): readonly string[] {
  const distinct = [...new Set(values)];
  if (distinct.length > MOST_ALLOWED_VALUES) {
    throw compilationError(`A tag has at most ${MOST_ALLOWED_VALUES} allowed values.`, "003542", "22023");
  }
  return distinct;
}

/** Source: "ALTER TAG". */
export const alterTag: Handler<StatementOf<"alterTag">> = async (statement, context) => {
  const found = tryFind(context, "TAG", statement.name, "ALTER TAG");
  if (!found && statement.ifExists) return succeeded();
  const tag = found ?? find(context, "TAG", statement.name, "ALTER TAG");
  const changed = altered(statement, tag, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

function altered({ action }: StatementOf<"alterTag">, tag: Tag, context: StatementContext): Tag {
  if (action.action === "setMaskingPolicies") return masking(tag, action.policies, action.force, context);
  if (action.action === "unsetMaskingPolicies") {
    requireApplyMasking(context);
    const gone = new Set(action.policies.map((name) => find(context, "MASKING POLICY", name, "ALTER TAG").id));
    return { ...tag, maskingPolicies: (tag.maskingPolicies ?? []).filter((id) => !gone.has(id)) };
  }
  requireOwnership(context, tag);
  switch (action.action) {
    case "renameTo": {
      const at = place(context, action.name, "ALTER TAG");
      if (context.instance.catalog.find("TAG", at.schema.id, at.name)) throw alreadyExists(quoteIfNeeded(at.name));
      if (at.schema.id !== tag.parentId) requireInSchema(context, at.schema, "CREATE TAG");
      return { ...tag, parentId: at.schema.id, name: at.name };
    }
    case "setAllowedValues":
    case "addAllowedValues": {
      const before = action.action === "addAllowedValues" ? (tag.allowedValues ?? []) : [];
      const allowedValues = checkedValues([...before, ...action.values]);
      return { ...tag, allowedValues, comment: commentOf(action.properties, tag, context) };
    }
    case "dropAllowedValues":
      return { ...tag, allowedValues: (tag.allowedValues ?? []).filter((value) => !action.values.includes(value)) };
    case "set":
      return { ...tag, comment: commentOf(action.properties, tag, context) };
    case "unset":
      return unset(action.names, tag);
  }
}

function commentOf(given: ConstructorParameters<typeof Properties>[0], tag: Tag, context: StatementContext): string {
  const properties = new Properties(given, context);
  const comment = properties.text("COMMENT") ?? tag.comment;
  properties.refuse("PROPAGATE", "ON_CONFLICT", "MULTI_VALUE");
  properties.done();
  return comment;
}

function unset(names: readonly string[], tag: Tag): Tag {
  const other = names.find((name) => name !== "COMMENT" && name !== "ALLOWED_VALUES");
  if (other !== undefined) throw unsupported(`ALTER TAG UNSET ${other}`);
  return {
    ...tag,
    comment: names.includes("COMMENT") ? "" : tag.comment,
    allowedValues: names.includes("ALLOWED_VALUES") ? null : tag.allowedValues,
  };
}

/** Assigning a policy to a tag takes the right to all of them. Source: "Tag-based masking policies". */
function requireApplyMasking(context: StatementContext): void {
  if (holds(context, "APPLY MASKING POLICY", ACCOUNT)) return;
  throw insufficientPrivileges("account", context.instance.accountName);
}

/** A tag has one masking policy for each kind of type. Source: "Tag-based masking policies". */
function masking(tag: Tag, names: readonly ObjectName[], force: boolean, context: StatementContext): Tag {
  requireApplyMasking(context);
  const { catalog } = context.instance;
  let kept = (tag.maskingPolicies ?? []).map((id) => catalog.object(id) as MaskingPolicy);
  for (const name of names) {
    const policy = find(context, "MASKING POLICY", name, "ALTER TAG");
    const same = kept.find((one) => one.returns.kind === policy.returns.kind);
    if (same && !force) {
      throw compilationError(
        `Tag ${tag.name} already has a masking policy for ${policy.returns.kind}: ${same.name}. Unset it first, or say FORCE.`,
        "003534",
        "22023",
      );
    }
    kept = [...kept.filter((one) => one !== same), policy];
  }
  return { ...tag, maskingPolicies: kept.map(({ id }) => id) };
}
