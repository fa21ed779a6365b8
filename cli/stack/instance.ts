import { existsSync, readFileSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import * as path from "node:path";
import type { Paths } from "../paths";
import type { Deployment } from "./localBackend";

/** Notes on which snowglobe's data a local stack stands. */
function file(paths: Paths, stack: string): string {
  return path.join(paths.stacks, stack, "instance");
}

/** The instance a stack was last deployed to; undefined when it never was. */
export function recordedInstance(paths: Paths, stack: string): string | undefined {
  return existsSync(file(paths, stack)) ? readFileSync(file(paths, stack), "utf8").trim() : undefined;
}

export function recordInstance(paths: Paths, stack: string, instanceId: string): void {
  mkdirSync(path.dirname(file(paths, stack)), { recursive: true });
  writeFileSync(file(paths, stack), `${instanceId}\n`);
}

export function forgetInstance(paths: Paths, stack: string): void {
  rmSync(file(paths, stack), { force: true });
}

/**
 * Whether a state tells of resources in data that are gone (`local reset`, a deleted folder): it lists resources, and
 * this snowglobe is not the one they were made in. Where nothing was noted (a first `pulumi up` by hand) the state is
 * believed.
 */
export function isLost(deployment: Deployment, recorded: string | undefined, instanceId: string): boolean {
  return recorded !== undefined && recorded !== instanceId && countResources(deployment) > 0;
}

/** Resources that exist outside of the engine: neither components nor the stack itself nor providers. */
export function countResources(deployment: Deployment): number {
  return (deployment.resources ?? []).filter((r) => r.custom && !r.type.startsWith("pulumi:")).length;
}

/**
 * A deployment without the resources of a snowglobe that is gone, for `pulumi stack import`. Nothing of them exists any
 * more, so there is nothing to refresh or delete; the next `up` makes everything anew.
 */
export function withoutResources<D extends Deployment>(deployment: D): D {
  return { ...deployment, resources: [], pending_operations: [] };
}
