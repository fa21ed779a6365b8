import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";

/** A resource as the last update left it. */
export interface RecordedResource {
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What the stack's last update left in its state. */
export interface RecordedStack {
  /** The stack's outputs; empty before the first update that came to its end. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly resources: readonly RecordedResource[];
}

/**
 * Reads the stack's own state, as a stack reference reads another one's. By that the program compares what it finds in the
 * account with what it left there, which a resource's inputs alone cannot tell.
 *
 * @throws Error of the engine's where the state cannot be read
 */
export async function recordedStack(): Promise<RecordedStack> {
  const name = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs = {} } = await read<Record<string, unknown>>("readStackOutputs", { name });
  // The engine reads resources only where there is a state; a new stack has none.
  if (Object.keys(outputs).length === 0) return { outputs, resources: [] };
  const resources = await read<Record<string, RecordedResource>>("readStackResourceOutputs", { stackName: name });
  return { outputs, resources: Object.values(resources.outputs ?? {}) };
}

/** Milliseconds between tries, and how many there are. */
const PAUSE_MS = 100;
const TRIES = 30;

/** The engine writes its state as it goes: a file backend may be met in the midst of that. */
async function read<T>(question: string, args: Readonly<Record<string, string>>): Promise<{ readonly outputs?: T }> {
  for (let tries = 1; ; tries++)
    try {
      return (await pulumi.runtime.invoke(`pulumi:pulumi:${question}`, args, {})) as { readonly outputs?: T };
    } catch (error) {
      if (tries === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
}
