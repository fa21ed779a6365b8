import { checkedExecuteApi } from "../lazy";
import type { Deployment } from "./localBackend";

/**
 * Resources that a refresh found changed by hand and that an update alone would leave so, by URN; `up` replaces them. All
 * other resources' drift is a difference between state and program, which the engine mends by itself.
 */
export function driftedResources({ resources = [] }: Deployment): string[] {
  const hasChecked = resources.some((resource) => resource.type === "workshop:index:CheckedExecute");
  return hasChecked ? checkedExecuteApi().driftedExecutes(resources) : [];
}
