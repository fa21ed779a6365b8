import { StatementType } from "../../account/statementType";
import type { DynamicTable } from "../../catalog/objects";
import { unsupported } from "../../errors";
import { planCreate } from "../../execution/create";
import type { Handler, StatementContext } from "../../execution/context";
import { tryFindRelation } from "../../execution/lookup";
import { rows, TEXT, type Outcome } from "../../execution/outcome";
import { upstreamModes } from "../../refresh/knownKey";
import { resolveRefreshMode } from "../../refresh/refreshMode";
import type { Statement, StatementOf } from "../../sql/ast/statement";
import type { AlterDynamicTable } from "../../sql/ast/statements/dynamicTable";
import type { ExplainChanges } from "../../sql/ast/statements/session";
import { alteredDefinition } from "./alterDynamicTable";
import { bindDefinition } from "./definition";
import { named } from "./manualRefresh";
import { definitionAfter } from "./createOrAlter";
import { predictRefresh, type Prediction } from "./predictRefresh";
import { readSettings, requireLag } from "./settings";

/** One object that the statement would touch. */
interface Explained {
  readonly operation: "ALTER" | "CREATE";
  /** Database, schema and name. */
  readonly path: readonly string[];
  readonly properties: Record<string, unknown>;
}

/**
 * EXPLAIN CHANGES: what a statement would do to a dynamic table's next refresh, without doing it. Source: "Predict refresh
 * behavior", which does not publish the forms of USING JSON and USING TEXT.
 */
export const explainChanges: Handler<ExplainChanges> = async ({ format, statement }, context) => {
  const explained = await explain(statement, context);
  const cells = explained.map(({ operation, path, properties }) => ({
    operation,
    domain: "DYNAMIC_TABLE",
    name: path.map((part) => `"${part.replaceAll('"', '""')}"`).join("."),
    changes: [],
    effects: [{ effect_type: "DYNAMIC_TABLE_REFRESH", properties }],
  }));
  return answer(cells, format);
};

function answer(
  cells: readonly { operation: string; domain: string; name: string; changes: unknown[]; effects: unknown[] }[],
  format: ExplainChanges["format"],
): Outcome {
  if (format === "JSON") return rows([["content", TEXT]], [[JSON.stringify(cells)]], StatementType.SHOW);
  if (format === "TEXT") {
    const text = cells.map(
      (one) => `${one.operation} ${one.domain} ${one.name}\n${JSON.stringify(one.effects, null, 2)}`,
    );
    return rows([["content", TEXT]], [[text.join("\n")]], StatementType.SHOW);
  }
  return rows(
    ["operation", "domain", "name", "changes", "effects"].map((name) => [name, TEXT] as const),
    cells.map((one) => [one.operation, one.domain, one.name, JSON.stringify(one.changes), JSON.stringify(one.effects)]),
    StatementType.SHOW,
  );
}

async function explain(statement: Statement, context: StatementContext): Promise<Explained[]> {
  switch (statement.kind) {
    case "alterDynamicTable":
      return explainAlter(statement, context);
    case "createDynamicTable":
      return [await explainCreate(statement, context)];
    default:
      throw unsupported("EXPLAIN CHANGES of anything but CREATE or ALTER DYNAMIC TABLE");
  }
}

async function explainAlter(statement: AlterDynamicTable, context: StatementContext): Promise<Explained[]> {
  const { action } = statement;
  const names = [statement.name, ...(action.action === "refresh" ? action.others : [])];
  const explained: Explained[] = [];
  for (const table of named(names, statement.ifExists, context)) {
    explained.push(await altered(table, await alteredDefinition(table, action, context), context));
  }
  return explained;
}

async function explainCreate(
  statement: StatementOf<"createDynamicTable">,
  context: StatementContext,
): Promise<Explained> {
  const existing = statement.orAlter ? tryFindRelation(context, statement.name, "EXPLAIN CHANGES") : undefined;
  if (existing) {
    return altered(existing as DynamicTable, await definitionAfter(statement, existing, context), context);
  }
  const plan = planCreate(context, "DYNAMIC TABLE", statement.name, { ...statement, orAlter: false });
  if (plan.kind === "exists" || statement.clone)
    throw unsupported("EXPLAIN CHANGES of a statement that makes no content");
  const { parentId, name } = plan.base;
  const settings = readSettings(statement, context);
  const { bound, upstream } = bindDefinition(statement, name, parentId, context, context.startedOn);
  requireLag(settings.targetLag, upstream, name);
  const { mode, reason } = statement.refreshUsing
    ? { mode: "CUSTOM_INCREMENTAL", reason: null }
    : resolveRefreshMode(settings.requestedRefreshMode, bound.query, name, upstreamModes(upstream, context.instance));
  const properties = {
    refresh_mode: mode,
    ...(reason !== null && { refresh_mode_reason: reason }),
    effective_refresh_action: "CREATE",
    is_expect_failure: false,
    effective_refresh_action_is_incremental: false,
  };
  return { operation: "CREATE", path: context.instance.catalog.pathOf(plan.base as DynamicTable), properties };
}

/** The row of a table that is there. @param next what it will be */
async function altered(table: DynamicTable, next: DynamicTable, context: StatementContext): Promise<Explained> {
  const { instance, signal } = context;
  const prediction = await predictRefresh(instance, next, signal);
  return { operation: "ALTER", path: instance.catalog.pathOf(table), properties: propertiesOf(next, prediction) };
}

const INCREMENTAL: ReadonlySet<string> = new Set(["INCREMENTAL", "CUSTOM_INCREMENTAL", "NO_DATA"]);

function propertiesOf(
  { refreshMode, refreshModeReason }: DynamicTable,
  prediction: Prediction,
): Record<string, unknown> {
  if (prediction.failure) {
    return {
      effective_refresh_action: "FAILURE",
      is_expect_failure: true,
      effective_refresh_action_is_incremental: false,
      expect_failure_reason: prediction.failure.message,
    };
  }
  const { action, reason } = prediction;
  return {
    refresh_mode: refreshMode,
    ...(refreshModeReason !== null && { refresh_mode_reason: refreshModeReason }),
    effective_refresh_action: action,
    is_expect_failure: false,
    ...(reason !== null && { effective_refresh_action_reason: reason }),
    effective_refresh_action_is_incremental: INCREMENTAL.has(action),
  };
}
