import type { CatalogObject, View } from "../../catalog/objects";
import { compilationError } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { parseQuery } from "../../sql";
import { bindQuery, columnType } from "../../translate";
import { requireOwnership } from "../../execution/authorize";
import { renamed } from "../table/alterTable";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { find, tryFind } from "../../execution/lookup";
import { status, succeeded } from "../../execution/outcome";
import { rowAccessUse, withAttachments } from "../../execution/policyUse";
import { Properties } from "../../execution/properties";
import { withPivotValues } from "../../execution/pivotValues";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { requireDistinct } from "../../execution/tableColumns";
import { quoteIfNeeded } from "../../quoting";

/** CREATE VIEW. Source: "CREATE VIEW". The query is bound once, to check it and to learn the columns. */
export const createView: Handler<StatementOf<"createView">> = async (statement, context) => {
  const plan = planCreate(context, "VIEW", statement.name, statement, { temporary: statement.temporary });
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  const comment = properties.text("COMMENT") ?? "";
  const changeTracking = properties.boolean("CHANGE_TRACKING") ?? false;
  properties.done();
  const queryText = statement.recursive ? recursiveQuery(statement, plan.base.name) : statement.body.text;
  const view: View = {
    ...plan.base,
    comment,
    text: statement.text,
    queryText,
    columns: withAttachments(
      context,
      await viewColumns(statement, queryText, plan.base.parentId, plan.altered ?? plan.replaced, context),
      statement.columns,
    ),
    secure: statement.secure,
    changeTracking,
  };
  const use = statement.rowAccessPolicy;
  const guarded = use ? { ...view, rowAccess: rowAccessUse(context, view, use) } : view;
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), guarded, plan.replaced, statement.copyGrants);
  });
  return status(`View ${quoteIfNeeded(view.name)} successfully created.`);
};

/** A recursive view's query reads the view by its bare name. Source: "Working with Views", "Recursive views". */
function recursiveQuery({ columns, body }: StatementOf<"createView">, viewName: string): string {
  const name = quoteIfNeeded(viewName);
  const names = columns.map((column) => quoteIfNeeded(column.name.name)).join(", ");
  return `with recursive ${name}${names && ` (${names})`} as (${body.text}\n) select * from ${name}`;
}

/** Names in a view's query are resolved from the view's own schema, whoever asks. */
async function viewColumns(
  statement: StatementOf<"createView">,
  queryText: string,
  schemaId: number,
  replaced: CatalogObject | undefined,
  context: StatementContext,
): Promise<View["columns"]> {
  const databaseId = context.instance.catalog.require("SCHEMA", schemaId).parentId;
  const inside = { ...context, text: queryText, session: { ...context.session, schemaId, databaseId } };
  const expanding = new Set(replaced ? [replaced.id] : []);
  const bound = await withPivotValues(inside, (pivotValues) =>
    // Only the meaning is asked for: a dynamic table that it reads may not have been refreshed yet.
    bindQuery(
      parseQuery(queryText),
      queryText,
      queryEnvironment(inside, { expanding, uninitialized: true, pivotValues }),
    ),
  );
  if (statement.columns.length > 0 && statement.columns.length !== bound.columns.length) {
    throw compilationError("Invalid column definition list", "002026", "42601");
  }
  const columns = bound.columns.map((column, index) => ({
    name: statement.columns[index]?.name.name ?? column.name,
    type: columnType(column.type),
    nullable: column.nullable,
    comment: statement.columns[index]?.comment ?? "",
  }));
  requireDistinct(columns);
  return columns;
}

export const alterView: Handler<StatementOf<"alterView">> = async (statement, context) => {
  const view = tryFind(context, "VIEW", statement.name, "ALTER VIEW");
  if (!view) {
    if (statement.ifExists) return succeeded();
    return find(context, "VIEW", statement.name, "ALTER VIEW") as never;
  }
  requireOwnership(context, view);
  const changed = alter(statement, view, context);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};

function alter(statement: StatementOf<"alterView">, view: View, context: StatementContext): View {
  const { action } = statement;
  switch (action.action) {
    case "renameTo":
      return renamed(action.name, view, context);
    case "set": {
      const properties = new Properties(action.properties, context);
      const comment = properties.text("COMMENT") ?? view.comment;
      const changeTracking = properties.boolean("CHANGE_TRACKING") ?? view.changeTracking;
      properties.done();
      return { ...view, comment, changeTracking };
    }
    case "unset":
      return { ...view, comment: action.names.includes("COMMENT") ? "" : view.comment };
    case "setSecure":
      return { ...view, secure: true };
    case "unsetSecure":
      return { ...view, secure: false };
    case "columnComments": {
      const comments = new Map(action.columns.map(({ column, comment }) => [column.name, comment ?? ""]));
      return {
        ...view,
        columns: view.columns.map((column) => ({ ...column, comment: comments.get(column.name) ?? column.comment })),
      };
    }
  }
}
