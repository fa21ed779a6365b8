import * as path from "node:path";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import { monitoringObjects } from "../../components/monitoringSql";
import type { WorkshopNames } from "../../components/naming";
import type { ResultRow } from "../../loader/connection";
import type { Context } from "../context";
import { UserError, messageOf } from "../errors";
import { nameOf } from "../output/deployment";
import { cellText } from "../stack/cellText";
import type { StackSession } from "../stack/session";
import { planDefinitions, type DeployedRelation, type PlannedDefinition } from "./definitions";
import { compiledManifest } from "./dbtManifest";

/** The stack's command that runs dbt. */
const DBT_BUILD = "dbt-build";

/** Kinds without which there is nothing to compare with. */
const CONTAINERS = new Set(["snowflake:index/database:Database", "snowflake:index/schema:Schema"]);

type Variables = Readonly<Record<string, string>>;

/**
 * What dbt would make of its project in an update that a preview has found, each definition by its name. The project is
 * compiled, and each changed query is shown to the account, which checks it and runs nothing.
 *
 * @param steps of the preview
 * @param names of the stack's objects as deployed
 * @returns none where dbt would not run, or would build all in a database that is not there yet
 * @throws UserError for a project that does not compile, and for a query that the account refuses
 */
export async function planDbt(
  context: Context,
  { dbt, connection }: Pick<StackSession, "dbt" | "connection">,
  { steps, names }: { steps: readonly StepEventMetadata[]; names: WorkshopNames },
): Promise<readonly PlannedDefinition[]> {
  const build = steps.find(({ urn }) => nameOf(urn) === DBT_BUILD);
  const isNew = steps.some(({ type, op }) => CONTAINERS.has(type) && op !== "update");
  if (build?.op !== "update" || isNew) return [];
  const [before, after] = [variablesOf(build.old), variablesOf(build.new)];
  const database = after.DBT_DATABASE ?? names.analyticsDatabase;
  const env = { ...context.env, ...connection, ...after };
  const { paths, interrupt } = context;
  const manifest = await compiledManifest(dbt.dbt, {
    project: paths.dbtProject,
    target: path.join(paths.dbtOutput, database, "plan"),
    env,
    signal: interrupt.signal,
  });
  const { closeConnection, connectFromEnvironment, describe, execute } = await import("../../loader/connection.js");
  const session = await connectFromEnvironment(env);
  const objects = monitoringObjects(names);
  try {
    const { definitions, queries } = planDefinitions({
      manifest,
      deployed: await deployedRelations((statement) => execute(session, statement), database),
      contentBefore: before.WORKSHOP_CONTENT ?? "",
      contentAfter: after.WORKSHOP_CONTENT ?? "",
      failuresView: objects.failuresView,
      stream: { name: names.stream, table: objects.stagingTable },
    });
    for (const { name, sql } of queries)
      await describe(session, sql).catch((error: unknown) => {
        throw new UserError(`dbt model ${name} cannot be built: ${messageOf(error).replace(/\s*\n\s*/g, " ")}`);
      });
    return definitions;
  } finally {
    await closeConnection(session);
  }
}

function variablesOf(state: StepEventMetadata["old"]): Variables {
  const environment: unknown = (state?.inputs as Record<string, unknown> | undefined)?.environment;
  const entries = Object.entries((environment ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** What dbt has built, by SHOW alone: no warehouse is woken. */
async function deployedRelations(
  rowsOf: (statement: string) => Promise<readonly ResultRow[]>,
  database: string,
): Promise<DeployedRelation[]> {
  const show = (kind: string): Promise<readonly ResultRow[]> => rowsOf(`SHOW ${kind} IN DATABASE "${database}"`);
  const [dynamicTables, views, tables] = await Promise.all(["DYNAMIC TABLES", "VIEWS", "TABLES"].map(show));
  const pathOf = (row: ResultRow): string =>
    [row.database_name, row.schema_name, row.name].map(cellText).join(".").toUpperCase();
  return [
    ...tables!.map((row) => ({ path: pathOf(row), kind: "table" as const })),
    ...views!.map((row) => ({ path: pathOf(row), kind: "view" as const, text: cellText(row.text) })),
    ...dynamicTables!.map((row) => ({
      path: pathOf(row),
      kind: "dynamic table" as const,
      text: cellText(row.text),
      targetLag: cellText(row.target_lag),
      warehouse: cellText(row.warehouse),
      refreshMode: cellText(row.refresh_mode),
    })),
  ];
}
