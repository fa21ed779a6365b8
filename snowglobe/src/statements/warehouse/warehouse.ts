import type { Warehouse } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { compilationError, noActiveWarehouse, SnowflakeError, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreateOnAccount, register, renamedOnAccount } from "../../execution/create";
import { findOnAccount, tryFindOnAccount } from "../../execution/lookup";
import { INTEGER, status, succeeded, TEXT, TIMESTAMP } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { listing } from "../../execution/listing";
import { type ShownColumn, NAME, CREATED_ON, OWNER, COMMENT, OWNER_ROLE_TYPE, flag } from "../../execution/shownColumn";

/** Sizes as SHOW prints them, by the spellings that statements take. Source: "CREATE WAREHOUSE". */
const SIZES: Readonly<Record<string, string>> = {
  XSMALL: "X-Small",
  "X-SMALL": "X-Small",
  SMALL: "Small",
  MEDIUM: "Medium",
  LARGE: "Large",
  XLARGE: "X-Large",
  "X-LARGE": "X-Large",
  XXLARGE: "2X-Large",
  X2LARGE: "2X-Large",
  "2X-LARGE": "2X-Large",
  XXXLARGE: "3X-Large",
  X3LARGE: "3X-Large",
  "3X-LARGE": "3X-Large",
  X4LARGE: "4X-Large",
  "4X-LARGE": "4X-Large",
  X5LARGE: "5X-Large",
  "5X-LARGE": "5X-Large",
  X6LARGE: "6X-Large",
  "6X-LARGE": "6X-Large",
};

/** The part of a warehouse that properties set; `before` gives what they leave out. */
function settings(properties: Properties, before: Warehouse): Warehouse {
  const size = properties.text("WAREHOUSE_SIZE")?.toUpperCase();
  if (size !== undefined && !SIZES[size]) {
    throw new SnowflakeError(
      "002097",
      "22023",
      `SQL compilation error:\ninvalid value '${size}' for property 'WAREHOUSE_SIZE'`,
    );
  }
  const resourceMonitor = properties.text("RESOURCE_MONITOR");
  const changed: Warehouse = {
    ...before,
    size: size === undefined ? before.size : SIZES[size]!,
    type: properties.word("WAREHOUSE_TYPE", "STANDARD", "SNOWPARK-OPTIMIZED") ?? before.type,
    autoSuspend:
      properties.raw("AUTO_SUSPEND")?.kind === "null" ? 0 : (properties.integer("AUTO_SUSPEND") ?? before.autoSuspend),
    autoResume: properties.boolean("AUTO_RESUME") ?? before.autoResume,
    minClusterCount: properties.integer("MIN_CLUSTER_COUNT", 1, 10) ?? before.minClusterCount,
    maxClusterCount: properties.integer("MAX_CLUSTER_COUNT", 1, 10) ?? before.maxClusterCount,
    scalingPolicy: properties.word("SCALING_POLICY", "STANDARD", "ECONOMY") ?? before.scalingPolicy,
    enableQueryAcceleration: properties.boolean("ENABLE_QUERY_ACCELERATION") ?? before.enableQueryAcceleration,
    queryAccelerationMaxScaleFactor:
      properties.integer("QUERY_ACCELERATION_MAX_SCALE_FACTOR", 0, 100) ?? before.queryAccelerationMaxScaleFactor,
    resourceMonitor:
      resourceMonitor === undefined || resourceMonitor === "NULL" ? before.resourceMonitor : resourceMonitor,
    comment: properties.text("COMMENT") ?? before.comment,
    parameters: { ...before.parameters, ...properties.parameters("WAREHOUSE") },
  };
  // A resource monitor does not exist here, so nothing could ever hold the warehouse to it.
  if (changed.resourceMonitor !== null) properties.refuse("RESOURCE_MONITOR");
  if (changed.minClusterCount > changed.maxClusterCount) {
    throw compilationError("MIN_CLUSTER_COUNT cannot be greater than MAX_CLUSTER_COUNT", "001412", "22023");
  }
  properties.done();
  return changed;
}

export const createWarehouse: Handler<StatementOf<"createWarehouse">> = async (statement, context) => {
  const plan = planCreateOnAccount(context, "WAREHOUSE", statement.name, statement);
  if (plan.kind === "exists") return status(`${plan.name} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  const suspended = properties.boolean("INITIALLY_SUSPENDED") ?? false;
  const fresh: Warehouse = {
    ...plan.base,
    size: "X-Small",
    type: "STANDARD",
    autoSuspend: 600,
    autoResume: true,
    minClusterCount: 1,
    maxClusterCount: 1,
    scalingPolicy: "STANDARD",
    enableQueryAcceleration: false,
    queryAccelerationMaxScaleFactor: 8,
    resourceMonitor: null,
    updatedOn: context.startedOn,
  };
  const warehouse = settings(properties, fresh);
  await context.instance.change({ signal: context.signal }, async (_, begin) => {
    register(context, await begin(), warehouse, plan.replaced);
  });
  if (plan.altered) return status(`Warehouse ${warehouse.name} successfully created.`);
  if (!suspended) context.instance.warehouses.start(warehouse, context.startedOn);
  // A new warehouse becomes the session's. Source: "CREATE WAREHOUSE", usage notes.
  context.session.warehouseId = warehouse.id;
  return status(`Warehouse ${warehouse.name} successfully created.`);
};

export const alterWarehouse: Handler<StatementOf<"alterWarehouse">> = async (statement, context) => {
  const warehouse = statement.name ? tryFindOnAccount(context, "WAREHOUSE", statement.name) : current(context);
  if (!warehouse) {
    if (statement.ifExists) return succeeded();
    return findOnAccount(context, "WAREHOUSE", statement.name!) as never;
  }
  const changed = alter(statement, context, warehouse);
  if (changed !== warehouse) {
    await context.instance.change({ signal: context.signal }, async (_, begin) => {
      (await begin()).put({ ...changed, updatedOn: context.startedOn });
    });
  }
  return succeeded();
};

function current(context: StatementContext): Warehouse {
  const { warehouseId } = context.session;
  const found = warehouseId === null ? undefined : context.instance.catalog.object(warehouseId);
  if (found?.kind !== "WAREHOUSE") throw noActiveWarehouse();
  return found;
}

function alter(statement: StatementOf<"alterWarehouse">, context: StatementContext, warehouse: Warehouse): Warehouse {
  const { action } = statement;
  const states = context.instance.warehouses;
  const started = states.startedOn(warehouse, context.startedOn) !== undefined;
  switch (action.action) {
    case "set": {
      requirePrivilege(context, warehouse, "MODIFY");
      const properties = new Properties(action.properties, context);
      properties.boolean("WAIT_FOR_COMPLETION");
      return settings(properties, warehouse);
    }
    case "unset": {
      requirePrivilege(context, warehouse, "MODIFY");
      const parameters = Object.fromEntries(
        Object.entries(warehouse.parameters).filter(([name]) => !action.names.includes(name)),
      );
      return { ...warehouse, ...unset(action.names), parameters };
    }
    case "suspend":
      requirePrivilege(context, warehouse, "OPERATE");
      if (!started) throw invalidState(warehouse.name, "suspended");
      states.suspend(warehouse);
      return warehouse;
    case "resume":
      requirePrivilege(context, warehouse, "OPERATE");
      if (started && !action.ifSuspended) throw invalidState(warehouse.name, "resumed");
      states.start(warehouse, context.startedOn);
      return warehouse;
    case "renameTo":
      requireOwnership(context, warehouse);
      return renamedOnAccount(context, warehouse, action.name);
    case "abortAllQueries":
      throw unsupported(`ALTER WAREHOUSE ${action.action}`);
  }
}

function unset(names: readonly string[]): Partial<Warehouse> {
  const defaults: Readonly<Record<string, Partial<Warehouse>>> = {
    COMMENT: { comment: "" },
    AUTO_SUSPEND: { autoSuspend: 600 },
    AUTO_RESUME: { autoResume: true },
    RESOURCE_MONITOR: { resourceMonitor: null },
    MIN_CLUSTER_COUNT: { minClusterCount: 1 },
    MAX_CLUSTER_COUNT: { maxClusterCount: 1 },
    SCALING_POLICY: { scalingPolicy: "STANDARD" },
    WAREHOUSE_TYPE: { type: "STANDARD" },
    ENABLE_QUERY_ACCELERATION: { enableQueryAcceleration: false },
    QUERY_ACCELERATION_MAX_SCALE_FACTOR: { queryAccelerationMaxScaleFactor: 8 },
  };
  for (const name of names) {
    if (!defaults[name] && !parameterDefinition(name)?.levels.includes("WAREHOUSE")) {
      throw unsupported(`ALTER WAREHOUSE UNSET ${name}`);
    }
  }
  return Object.assign({}, ...names.map((name) => defaults[name] ?? {})) as Partial<Warehouse>;
}

function invalidState(name: string, verb: string): SnowflakeError {
  return new SnowflakeError("090064", "22000", `Invalid state. Warehouse '${name}' cannot be ${verb}.`);
}

const COLUMNS: readonly ShownColumn<Warehouse>[] = [
  NAME,
  ["state", TEXT, (warehouse, context) => (isStarted(warehouse, context) ? "STARTED" : "SUSPENDED")],
  ["type", TEXT, (warehouse) => warehouse.type],
  ["size", TEXT, (warehouse) => warehouse.size],
  ["min_cluster_count", INTEGER, (warehouse) => warehouse.minClusterCount],
  ["max_cluster_count", INTEGER, (warehouse) => warehouse.maxClusterCount],
  ["started_clusters", INTEGER, (warehouse, context) => (isStarted(warehouse, context) ? 1 : 0)],
  ["running", INTEGER, () => 0],
  ["queued", INTEGER, () => 0],
  ["is_default", TEXT, () => "N"],
  ["is_current", TEXT, (warehouse, context) => flag(context.session.warehouseId === warehouse.id)],
  ["auto_suspend", INTEGER, (warehouse) => warehouse.autoSuspend],
  ["auto_resume", TEXT, (warehouse) => String(warehouse.autoResume)],
  ["available", TEXT, (warehouse, context) => (isStarted(warehouse, context) ? "100" : "")],
  ["provisioning", TEXT, () => ""],
  ["quiescing", TEXT, () => ""],
  ["other", TEXT, () => ""],
  CREATED_ON,
  ["resumed_on", TIMESTAMP, (warehouse, context) => startedOn(warehouse, context) ?? warehouse.createdOn],
  ["updated_on", TIMESTAMP, (warehouse) => warehouse.updatedOn],
  OWNER,
  COMMENT,
  ["enable_query_acceleration", TEXT, (warehouse) => String(warehouse.enableQueryAcceleration)],
  ["query_acceleration_max_scale_factor", INTEGER, (warehouse) => warehouse.queryAccelerationMaxScaleFactor],
  ["resource_monitor", TEXT, (warehouse) => warehouse.resourceMonitor ?? "null"],
  ["actives", INTEGER, () => 0],
  ["pendings", INTEGER, () => 0],
  ["failed", INTEGER, () => 0],
  ["suspended", INTEGER, (warehouse, context) => (isStarted(warehouse, context) ? 0 : 1)],
  ["uuid", TEXT, (warehouse) => String(warehouse.id)],
  ["scaling_policy", TEXT, (warehouse) => warehouse.scalingPolicy],
  ["budget", TEXT],
  OWNER_ROLE_TYPE,
];

/** Source: "SHOW WAREHOUSES". Load figures are those of a warehouse without load: statements here need no compute. */
export const showWarehouses = listing("WAREHOUSE", COLUMNS);

/** When it was started; undefined while it is suspended. */
function startedOn(warehouse: Warehouse, { instance, startedOn }: StatementContext): number | undefined {
  return instance.warehouses.startedOn(warehouse, startedOn);
}

function isStarted(warehouse: Warehouse, context: StatementContext): boolean {
  return startedOn(warehouse, context) !== undefined;
}
