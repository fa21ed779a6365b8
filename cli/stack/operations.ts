import type { EngineEvent, OutputMap, Stack, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Context } from "../context";
import { Interrupted, UserError, messageOf } from "../errors";
import { whileAlive } from "../local/watch";
import { DeploymentView, stripMarkup, type Failure, type ResourceChange } from "../output/deployment";
import { countResources, forgetInstance, isLost, recordedInstance, withoutResources } from "./instance";
import type { Deployment } from "./localBackend";
import { adoptFromTarget } from "./pendingCreates";
import type { Target } from "./target";
import { forgetUnanswered, noteUnanswered, unansweredCreates, withUnanswered } from "./unansweredCreates";

export interface OperationResult {
  readonly changes: readonly ResourceChange[];
  /** The engine's steps behind them, in the same order. */
  readonly steps: readonly StepEventMetadata[];
  /** How many resources by kind of change, `same` among them, as the engine counts. */
  readonly summary: Readonly<Record<string, number>>;
}

/** What each of the engine's operations is given by {@link runOperation}. */
interface OperationOptions {
  readonly onEvent: (event: EngineEvent) => void;
  readonly onOutput: (text: string) => void;
  readonly onError: (text: string) => void;
  readonly signal: AbortSignal;
  readonly color: "never";
  readonly suppressProgress: true;
}

/**
 * Runs one of the engine's operations, shows it as it goes, and turns its failure into an error for people.
 *
 * @param name as in "./workshop up", for messages
 * @param session an operation on a snowglobe (its `pid`) that ends is ended too; what an operation on its `stack` may
 *   have made without hearing of it is noted
 * @throws UserError naming the resources that failed; Interrupted after Ctrl-C
 */
export async function runOperation(
  context: Context,
  name: string,
  operation: (options: OperationOptions) => Promise<unknown>,
  { pid, stack }: Partial<Target> & { readonly stack?: Stack } = {},
): Promise<OperationResult> {
  const { terminal, interrupt, paths } = context;
  const view = new DeploymentView(terminal);
  let summary: Record<string, number> = {};
  const listen = (text: string): void => {
    // The engine's answer to Ctrl-C.
    if (/\bcancell?ing\b/i.test(text)) interrupt.noticedByChild();
  };
  const strays = collectStrays();
  let isGone = false;
  try {
    await interrupt.whileRunning((abort) =>
      whileAlive(
        pid,
        abort,
        (signal) =>
          operation({
            onEvent: (event) => {
              if (event.summaryEvent) summary = event.summaryEvent.resourceChanges as Record<string, number>;
              view.handle(event);
            },
            onOutput: listen,
            onError: listen,
            signal,
            color: "never",
            suppressProgress: true,
          }),
        () => (isGone = true),
      ),
    );
  } catch (error) {
    if (stack) noteUnanswered(paths, stack.name, unansweredCreates(view.failedCreates, view.failures));
    if (interrupt.signal.aborted)
      throw new Interrupted(`Interrupted. What was done is noted; ./workshop ${name} goes on from there.`);
    if (isGone) throw new UserError(goneText(name));
    throw new UserError(failureText(name, view.failures, messageOf(error)));
  } finally {
    view.finish();
  }
  if (interrupt.signal.aborted) throw new Interrupted();
  strays.release();
  return { changes: view.changes, steps: view.steps, summary };
}

/**
 * When the stack's program fails, rejections of its resources' promises arrive here one by one, also after the operation
 * has ended. The engine has told the reason by then; without a listener they would end this process with a stack. After a
 * success there must be none, so one is an error of its own.
 */
function collectStrays(): { release(): void } {
  const strays: unknown[] = [];
  const collect = (reason: unknown): void => void strays.push(reason);
  process.on("unhandledRejection", collect);
  return {
    release: () => {
      process.off("unhandledRejection", collect);
      if (strays.length > 0) throw strays[0];
    },
  };
}

function goneText(name: string): string {
  return `./workshop ${name} failed: snowglobe ended in the midst of it (./workshop local logs shows its last words). Run it again: ./workshop ${name} goes on from what is there.`;
}

/** How the Automation API tells that its engine ended by a signal and without a word. */
const ENGINE_KILLED = /^code: -\d+\s+stdout:(?![^]*\berror: )/;

/** Says what failed and what to do; pure. */
export function failureText(name: string, failures: readonly Failure[], engineMessage: string): string {
  const told = failures.map(({ resource, message }) => ({ resource, message: plainMessage(message) }));
  const unique = told.filter((f, i) => told.findIndex((g) => g.message === f.message) === i);
  if (unique.length === 0 && ENGINE_KILLED.test(engineMessage))
    return `./workshop ${name} failed: the Pulumi engine was ended from outside. Run it again: ./workshop ${name} goes on from what is there.`;
  if (unique.length === 0 && /the stack is currently locked by/.test(engineMessage))
    return `./workshop ${name} failed: another command works on this stack. Wait until it has ended, and run this again.`;
  if (unique.length === 0) return `./workshop ${name} failed: ${engineReason(engineMessage)}`;
  const lines = unique.map(({ resource, message }) => `  ${resource ? `${resource}: ` : ""}${message}`);
  return `./workshop ${name} failed:\n${lines.join("\n")}\n${adviceFor(name, unique)}`;
}

/** How the command plugin tells of a failed command: step, exit status, command line, last lines of its output. */
const COMMAND_FAILURE = /^(?:create|update|delete): (exit status \d+): running "(?:[^"\\]|\\.)*":?\s*([^]*)$/;

/** A resource's error in one line, without what only the engine's makers need. */
function plainMessage(message: string): string {
  const text = stripMarkup(message).trim();
  const command = COMMAND_FAILURE.exec(text);
  // A command's output was shown line by line as it came. Its last line says most.
  if (command) return [command[1], lastLine(command[2] ?? "")].filter(Boolean).join(": ");
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .slice(0, 4);
  return lines
    .join(" ")
    .replace(/^(?:creating|updating|deleting|refreshing) urn:\S+: /, "")
    .replace(/^sdk-v2\/\S+ sdk\.helper_schema: /, "")
    .replace(/: provider=\S+$/, "")
    .replace(/^1 error occurred: \* /, "")
    .replace(UNREACHABLE, "no answer from $1: $2");
}

/** What Go says when a server is away. The request's own address differs each time and tells people nothing. */
const UNREACHABLE = /^.*?\bPost "(https?:\/\/[^/"]+)[^"]*": ([^"]*?) ?\**$/;

function lastLine(text: string): string | undefined {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)
    .at(-1);
}

function adviceFor(name: string, failures: readonly Failure[]): string {
  const again = `./workshop ${name} goes on from what is there.`;
  const names = failures.map((f) => f.resource ?? "").join(" ");
  const text = failures.map((f) => f.message).join(" ");
  if (/dbt/i.test(names))
    return [
      `See dbt's summary above; look closer with ./workshop dbt build --select MODEL, fix it, and run it again: ${again}`,
      "If it is the data test of addr_state, other states than California are loaded: ./workshop load --states CA",
    ].join("\n");
  if (/incorrect username or password|390100/i.test(text))
    return "Snowflake refuses the login: check SNOWFLAKE_USER and SNOWFLAKE_PASSWORD (for snowglobe: the file .workshop/snowglobe/password).";
  if (/connection refused|connection reset|EOF/i.test(text))
    return `The Snowflake server went away (./workshop local logs shows snowglobe's last words). ${again}`;
  return `Fix it and run it again: ${again}`;
}

/** The engine's own reason, where no resource failed. */
function engineReason(message: string): string {
  const lines = stripMarkup(message)
    .split("\n")
    .map((line) => line.trim());
  const error = lines.find((line) => /^(stderr: )?error: /.test(line)) ?? lines.find((line) => line !== "") ?? "";
  return error.replace(/^(stderr: )?error: /, "");
}

/**
 * Makes the state fit for an operation after whatever ended the last one:
 * - of a snowglobe whose data are gone, the resources are forgotten;
 * - operations that were under way when the engine was killed, or that Snowflake never answered, are settled: what they
 *   made is taken up, and a refresh finds the rest.
 *
 * @param target where the stack is; its connection is needed where there may be something to take up
 * @returns the state
 */
export async function settleState(
  context: Context,
  stack: Stack,
  { instanceId, connection }: Partial<Target> = {},
): Promise<Deployment> {
  const { terminal, paths } = context;
  const exported = await stack.exportStack();
  const deployment = withUnanswered((exported.deployment ?? {}) as Deployment, paths, stack.name);
  if (instanceId !== undefined && isLost(deployment, recordedInstance(paths, stack.name), instanceId)) {
    const count = countResources(deployment);
    terminal.say(`snowglobe's data are new, so the ${count} resources of stack ${stack.name} are gone and forgotten.`);
    const empty = withoutResources(deployment);
    await stack.importStack({ ...exported, deployment: empty });
    forgetInstance(paths, stack.name);
    forgetUnanswered(paths, stack.name);
    return empty;
  }
  const pending = deployment.pending_operations?.length ?? 0;
  if (pending === 0) return deployment;
  const step = terminal.step(`Settling ${pending} interrupted operation${pending === 1 ? "" : "s"} of an earlier run`);
  try {
    const adopted = connection ? await adoptFromTarget(deployment, context.env, connection) : deployment;
    if (adopted !== deployment) await stack.importStack({ ...exported, deployment: adopted });
    await context.interrupt.whileRunning((signal) =>
      stack.refresh({
        clearPendingCreates: true,
        runProgram: false,
        signal,
        color: "never",
        onOutput: () => undefined,
      }),
    );
    forgetUnanswered(paths, stack.name);
    step.done();
  } catch (error) {
    step.fail();
    throw new UserError(`The state of stack ${stack.name} cannot be refreshed: ${engineReason(messageOf(error))}`);
  }
  return ((await stack.exportStack()).deployment ?? {}) as Deployment;
}

/** Values of a stack's outputs; secret ones are left out. */
export function plainOutputs(outputs: OutputMap): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, output]) => !output.secret)
      .map(([name, output]) => [name, output.value as unknown]),
  );
}

/** `2 created, 1 updated, 15 unchanged`. */
export function formatSummary(summary: Readonly<Record<string, number>>): string {
  const words: Readonly<Record<string, string>> = {
    create: "created",
    update: "updated",
    replace: "replaced",
    delete: "deleted",
    same: "unchanged",
  };
  const parts = Object.entries(words).flatMap(([op, word]) => (summary[op] ? [`${summary[op]} ${word}`] : []));
  return parts.join(", ") || "nothing to do";
}

/** `2 to create, 1 to update, 15 unchanged`: as the engine counts, and so as `--diff` and `up` do. */
export function plannedSummary(summary: Readonly<Record<string, number>>): string {
  const parts = ["create", "update", "replace", "delete"].flatMap((op) =>
    summary[op] ? [`${summary[op]} to ${op}`] : [],
  );
  return [...parts, ...(summary.same ? [`${summary.same} unchanged`] : [])].join(", ");
}

/** Whether a summary tells of any change. */
export function hasChanges(summary: Readonly<Record<string, number>>): boolean {
  return Object.entries(summary).some(([op, count]) => !["same", "read", "discard"].includes(op) && count > 0);
}
