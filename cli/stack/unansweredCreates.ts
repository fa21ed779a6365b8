import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Failure } from "../output/deployment";
import type { Paths } from "../paths";
import type { Deployment, PendingOperation } from "./localBackend";
import { candidateOf } from "./pendingCreates";

/** How gosnowflake, and with it the provider, tells an error that Snowflake answered: `002002 (42710): ...`. */
const ANSWERED = /\b\d{6} \([0-9A-Z]{5}\)/;

/**
 * Creations that failed without an answer of Snowflake's: the connection broke, so the object may be there or not. They
 * get the form in which the engine notes an operation that it could not end.
 *
 * @param failedCreates the engine's steps that were to make a resource and failed
 * @param failures what was told of them
 */
export function unansweredCreates(
  failedCreates: readonly StepEventMetadata[],
  failures: readonly Failure[],
): PendingOperation[] {
  const answered = new Set(failures.filter(({ message }) => ANSWERED.test(message)).map(({ urn }) => urn));
  return failedCreates.flatMap(({ urn, type, new: planned }) => {
    if (planned === undefined || answered.has(urn)) return [];
    const { inputs, parent, provider } = planned;
    const operation = { type: "creating", resource: { urn, type, custom: true, inputs, parent, provider } };
    return candidateOf(operation) ? [operation] : [];
  });
}

/** Beside the state, not in it: the engine forgets a creation that failed, and an import takes no pending operations. */
function file(paths: Paths, stack: string): string {
  return path.join(paths.stacks, stack, "unanswered-creates.json");
}

function readUnanswered(paths: Paths, stack: string): PendingOperation[] {
  if (!existsSync(file(paths, stack))) return [];
  return JSON.parse(readFileSync(file(paths, stack), "utf8")) as PendingOperation[];
}

/**
 * Notes what may have been made, so that the next operation looks for it as it does after the engine was killed
 * ({@link withUnanswered}). Without that the next `up` would be refused, and `destroy` would leave the object behind.
 */
export function noteUnanswered(paths: Paths, stack: string, operations: readonly PendingOperation[]): void {
  if (operations.length === 0) return;
  const target = file(paths, stack);
  const aside = `${target}.new`;
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(aside, JSON.stringify([...readUnanswered(paths, stack), ...operations]));
  renameSync(aside, target);
}

/** To be called when it is known of all that was noted whether it was made. */
export function forgetUnanswered(paths: Paths, stack: string): void {
  rmSync(file(paths, stack), { force: true });
}

/** The state with what was noted among its pending operations. */
export function withUnanswered<D extends Deployment>(deployment: D, paths: Paths, stack: string): D {
  const noted = readUnanswered(paths, stack);
  if (noted.length === 0) return deployment;
  const { pending_operations: pending = [] } = deployment;
  return { ...deployment, pending_operations: [...pending, ...noted] };
}
