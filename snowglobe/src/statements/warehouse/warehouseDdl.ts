import type { Warehouse } from "../../catalog/objects";
import { parameterDefinition } from "../../catalog/parameters";
import { commentClause, type DdlWriter } from "../../execution/ddl";

/** CREATE WAREHOUSE with all its properties. Source: "GET_DDL", warehouses. */
export const warehouseDdl: DdlWriter<Warehouse> = (warehouse, name, { instance, startedOn }) => {
  const suspended = instance.warehouses.startedOn(warehouse, startedOn) === undefined;
  const parameter = (own: string): string =>
    String(warehouse.parameters[own.toUpperCase()] ?? parameterDefinition(own)!.default);
  const lines = [
    `warehouse_type='${warehouse.type}'`,
    `warehouse_size='${warehouse.size}'`,
    `max_cluster_count=${warehouse.maxClusterCount}`,
    `min_cluster_count=${warehouse.minClusterCount}`,
    `scaling_policy=${warehouse.scalingPolicy}`,
    `auto_suspend=${warehouse.autoSuspend === 0 ? "null" : warehouse.autoSuspend}`,
    `auto_resume=${flag(warehouse.autoResume)}`,
    `initially_suspended=${flag(suspended)}`,
    commentClause(warehouse),
    `enable_query_acceleration=${flag(warehouse.enableQueryAcceleration)}`,
    `query_acceleration_max_scale_factor=${warehouse.queryAccelerationMaxScaleFactor}`,
    ...["max_concurrency_level", "statement_queued_timeout_in_seconds", "statement_timeout_in_seconds"].map(
      (own) => `${own}=${parameter(own)}`,
    ),
  ];
  const text = lines.filter(Boolean).map((line) => `\n    ${String(line)}`);
  return `create or replace warehouse ${name}\nwith${text.join("")}\n;`;
};

function flag(value: boolean): string {
  return String(value).toUpperCase();
}
