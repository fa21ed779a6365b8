import type { Deployment } from "./localBackend";

/**
 * Resources that a refresh found changed by hand and that an update alone would leave so, by URN; `up` replaces them. All
 * other resources' drift is a difference between state and program, which the engine fixes by itself.
 */
export async function driftedResources({ resources = [] }: Deployment): Promise<string[]> {
  const hasChecked = resources.some((resource) => resource.type === "workshop:index:CheckedExecute");
  if (!hasChecked) return [];
  const { driftedExecutes } = await import("../../components/checkedExecute.js");
  return driftedExecutes(resources);
}
