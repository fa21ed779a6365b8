import type { Task } from "../../catalog/objects";
import { PARAMETERS } from "../../catalog/parameters";
import type { Instance } from "../../execution/instance";

/** A task's parameter as a number: its own, its schema's, its database's, or the default. */
export function taskParameter(instance: Instance, task: Task, name: string): number {
  const { catalog } = instance;
  for (const at of [task, catalog.schemaOf(task), catalog.databaseOf(task)]) {
    const value = at.parameters[name];
    if (value !== undefined) return Number(value);
  }
  return Number(PARAMETERS.find((one) => one.name === name)!.default);
}
