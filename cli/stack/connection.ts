import { dbtEnvironment } from "../../components/dbtEnvironment";
import { workshopNames, type WorkshopNames } from "../../components/naming";
import type { Context, StackChoice } from "../context";
import { UserError } from "../errors";
import type { SnowglobeRecord } from "../local/record";
import { accountEnvironment } from "./connectionEnvironment";
import { deploymentOf } from "./deployment";
import { localConnection, type ConnectionEnvironment } from "./environment";
import { countResources } from "./instance";
import type { Deployment } from "./localBackend";
import { stackName } from "./names";
import { reachTarget } from "./target";

export interface StackConnection {
  /** The connection, and the names that loader and dbt read from the environment. */
  readonly environment: ConnectionEnvironment;
  readonly names: WorkshopNames;
}

/**
 * The stack's connection for a program that the user runs by hand: as the loader's or dbt's role of the stack. A worksheet
 * works as dbt does, in the schema of the models.
 */
export async function stackConnection(
  context: Context,
  choice: StackChoice,
  program: "loader" | "dbt" | "worksheet",
): Promise<StackConnection> {
  const name = stackName(choice);
  const deployment = await deploymentOf(context, choice);
  if (program === "loader" && countResources(deployment ?? {}) === 0)
    throw new UserError(`Stack ${name} is not deployed: run ./workshop up${flagsOf(choice)} first.`);
  const names = namesOf(choice, deployment);
  const role = program === "loader" ? names.loaderRole : names.transformerRole;
  // Without roles of the workshop's own (workshop:accessRoles) the connecting role does the work.
  const hasRole = deployment?.resources?.some((r) => r.custom && r.outputs?.name === role) ?? false;
  const { connection } = await reachTarget(context, choice);
  const outputs = outputsOf(deployment);
  const fallback = dbtEnvironment(names, {
    environment: "dev",
    lag: "1 minute",
    stagingRefreshMode: "incremental",
    accessRoles: hasRole,
  });
  return {
    names,
    environment: {
      ...connection,
      ...(outputs?.dbt?.environment ?? fallback),
      SNOWFLAKE_WAREHOUSE: names.warehouse,
      ...(hasRole ? { SNOWFLAKE_ROLE: role } : {}),
      ...(program === "worksheet"
        ? { SNOWFLAKE_DATABASE: names.analyticsDatabase, SNOWFLAKE_SCHEMA: names.analyticsSchema }
        : {}),
    },
  };
}

/** What the last successful `up` gave as the stack's outputs (components/workshop). */
interface WorkshopOutputs {
  readonly names?: WorkshopNames;
  readonly dbt?: { readonly environment?: Readonly<Record<string, string>> };
}

function outputsOf(deployment: Deployment | undefined): WorkshopOutputs | undefined {
  return deployment?.resources?.find((resource) => resource.type === "pulumi:pulumi:Stack")?.outputs;
}

/** Names of the stack's objects: as deployed, else as they would be by default. */
export function namesOf({ attendee }: StackChoice, deployment?: Deployment): WorkshopNames {
  const deployed = outputsOf(deployment)?.names;
  return deployed ?? workshopNames({ ...(attendee === undefined ? {} : { attendee }), environment: "dev" });
}

/** The options that choose the stack, to be shown after a command's name. */
export function flagsOf({ attendee, target, connection }: StackChoice): string {
  const flags = [
    ...(attendee ? ["--attendee", attendee] : []),
    ...(target === "account" ? ["--target", target] : []),
    ...(connection ? ["--connection", connection] : []),
  ];
  return flags.map((flag) => ` ${flag}`).join("");
}

/** The connection to a target that is already running. */
export function connectionTo(
  { paths, env }: Context,
  { target, connection }: StackChoice,
  running: SnowglobeRecord | undefined,
): ConnectionEnvironment {
  if (target === "account") return accountEnvironment(env, connection);
  if (!running) throw new UserError("snowglobe does not run: ./workshop local start");
  return localConnection(paths, running, env);
}
