import { isDeepStrictEqual } from "node:util";
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import { propertyChanges, type PropertyChange } from "./propertyChanges";
import { formatSeconds, type Terminal } from "./terminal";

/** What a step of the engine did, for people. */
const DONE: Readonly<Record<string, { sign: string; word: string }>> = {
  create: { sign: "+", word: "created" },
  update: { sign: "~", word: "updated" },
  delete: { sign: "-", word: "deleted" },
  // Of a replacement's three steps the one that makes the new resource stands for all.
  "create-replacement": { sign: "±", word: "replaced" },
  discard: { sign: "-", word: "forgotten" },
  read: { sign: ">", word: "read" },
  refresh: { sign: "~", word: "refreshed" },
  import: { sign: "=", word: "imported" },
};

const PLANNED: Readonly<Record<string, string>> = {
  create: "to create",
  update: "to update",
  delete: "to delete",
  "create-replacement": "to replace",
};

/** Of the two columns before what happened: the longest names of the workshop's kinds and resources. */
const KIND_WIDTH = 38;
const NAME_WIDTH = 36;

/** A change of one resource, as `--json` reports it. */
export interface ResourceChange {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** Properties that differ. */
  readonly diffs?: readonly string[];
  /** The same down to the innermost ones, with both values; secrets masked. */
  readonly properties?: readonly PropertyChange[];
  /** Of a replacement: the properties that ask for it; none where another resource's replacement does. */
  readonly replacedFor?: readonly string[];
  /** Name of the object in Snowflake, where it is known. */
  readonly object?: string;
}

export interface Failure {
  /** Name of the resource; undefined for the engine and the program. */
  readonly resource?: string;
  readonly urn?: string;
  readonly message: string;
}

/** Turns the engine's events into lines, as they arrive. */
export class DeploymentView {
  readonly changes: ResourceChange[] = [];
  readonly failures: Failure[] = [];
  /** The steps behind the changes, as the engine tells of them. */
  readonly steps: StepEventMetadata[] = [];
  /** Steps that were to make a resource and failed. */
  readonly failedCreates: StepEventMetadata[] = [];
  private readonly begun = new Map<string, number>();
  private readonly running = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;
  private ended = 0;

  /** @param now milliseconds; for tests */
  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.timer = setInterval(() => this.showRunning(), 200);
    this.timer.unref();
  }

  readonly handle = (event: EngineEvent): void => {
    const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent } = event;
    if (resourcePreEvent && !resourcePreEvent.planning) this.begin(resourcePreEvent.metadata);
    if (resourcePreEvent?.planning) this.plan(resourcePreEvent.metadata);
    if (resOutputsEvent && !resOutputsEvent.planning) this.end(resOutputsEvent.metadata);
    if (resOpFailedEvent) this.fail(resOpFailedEvent.metadata);
    if (diagnosticEvent && !diagnosticEvent.ephemeral)
      this.tell(diagnosticEvent.severity, stripMarkup(diagnosticEvent.message), diagnosticEvent.urn);
  };

  /** To be called when the operation has ended, well or not. */
  finish(): void {
    clearInterval(this.timer);
    this.running.clear();
    this.terminal.status("");
  }

  private begin(step: StepEventMetadata): void {
    this.begun.set(step.urn, this.now());
    if (isShown(step) && step.op !== "same") this.running.set(step.urn, nameOf(step.urn));
    this.showRunning();
  }

  private plan(step: StepEventMetadata): void {
    const word = PLANNED[step.op];
    if (word) this.note(step, word);
  }

  private end(step: StepEventMetadata): void {
    this.running.delete(step.urn);
    this.ended++;
    const word = DONE[step.op]?.word;
    if (word === undefined) return;
    const begun = this.begun.get(step.urn);
    this.note(step, begun === undefined ? word : `${word} (${formatSeconds(this.now() - begun)})`);
  }

  private note(step: StepEventMetadata, word: string): void {
    if (!isShown(step) || isOnlyLook(step)) return;
    const name = nameOf(step.urn);
    const op = step.op === "create-replacement" ? "replace" : step.op;
    const diffs = op === "update" || op === "replace" ? (step.diffs ?? []) : undefined;
    const object = objectOf(step);
    this.steps.push(step);
    this.changes.push({
      ...{ op, type: step.type, name, urn: step.urn },
      ...(diffs ? { diffs, properties: propertyChanges(step) } : {}),
      ...(op === "replace" && step.keys?.length ? { replacedFor: step.keys } : {}),
      ...(object ? { object } : {}),
    });
    const { dim } = this.terminal.colors;
    const what = diffs?.length ? `${word} ${dim(`[${diffs.join(", ")}]`)}` : word;
    const sign = this.colored(op, DONE[step.op]?.sign ?? " ");
    this.terminal.say(`  ${sign} ${kindOf(step.type).padEnd(KIND_WIDTH)} ${name.padEnd(NAME_WIDTH)} ${what}`.trimEnd());
  }

  private fail(step: StepEventMetadata): void {
    this.running.delete(step.urn);
    if (/^create/.test(step.op)) this.failedCreates.push(step);
    const { red } = this.terminal.colors;
    this.terminal.say(
      `  ${red("✗")} ${kindOf(step.type).padEnd(KIND_WIDTH)} ${nameOf(step.urn).padEnd(NAME_WIDTH)} ${red("failed")}`,
    );
  }

  private tell(severity: string, message: string, urn: string | undefined): void {
    const resource = urn && !isStack(urn) ? nameOf(urn) : undefined;
    const text = message.trimEnd();
    if (text === "" || severity === "debug") return;
    if (severity === "error") {
      if (!/^update failed$|^preview failed$|^one or more/.test(text))
        this.failures.push({ resource, urn, message: text });
      return;
    }
    const { dim, yellow } = this.terminal.colors;
    for (const line of text.split("\n")) {
      if (severity === "warning") this.terminal.say(`  ${yellow("!")} ${resource ? `${resource}: ` : ""}${line}`);
      else if (resource) this.terminal.say(`      ${dim(`${resource} │`)} ${line}`);
    }
  }

  private showRunning(): void {
    if (this.running.size === 0) return;
    const parts = [...this.running].map(([urn, name]) => {
      const begun = this.begun.get(urn);
      return begun === undefined ? name : `${name} (${formatSeconds(this.now() - begun)})`;
    });
    this.terminal.status(`  ${this.ended} done, working on ${parts.join(", ")}`);
  }

  private colored(op: string, sign: string): string {
    const { green, yellow, red } = this.terminal.colors;
    if (op === "create") return green(sign);
    if (/^(delete|discard)/.test(op)) return red(sign);
    return yellow(sign);
  }
}

/** A Snowflake object's name among its inputs; unknown names stand as a mark there, which no name looks like. */
function objectOf({ type, new: planned, old }: StepEventMetadata): string | undefined {
  const name: unknown = (planned ?? old)?.inputs?.name;
  return type.startsWith("snowflake:") && typeof name === "string" && /^[\w$]+$/.test(name) ? name : undefined;
}

/** What the engine does for itself, and mere groups of resources, are left out. */
function isShown(step: StepEventMetadata): boolean {
  return Boolean(step.new?.custom || step.old?.custom) && !step.type.startsWith("pulumi:");
}

/** What was looked at and is as it was, or is not looked at any more (`discard`): nothing of it is the stack's own. */
function isOnlyLook({ op, old, new: now }: StepEventMetadata): boolean {
  return (
    op.startsWith("read") || op === "discard" || (op === "refresh" && isDeepStrictEqual(old?.outputs, now?.outputs))
  );
}

function isStack(urn: string): boolean {
  return urn.split("::")[2] === "pulumi:pulumi:Stack";
}

/** The resource's name, the last part of its URN. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** `snowflake:index/warehouse:Warehouse` is a `snowflake Warehouse`. */
export function kindOf(type: string): string {
  const [pkg, , kind] = type.split(":");
  return `${pkg} ${kind ?? ""}`.trim();
}

/** Removes the engine's colour marks, `<{%fg 1%}>`, and terminals' own. */
export function stripMarkup(text: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  return text.replace(/<\{%.*?%\}>/g, "").replace(/\x1b\[[0-9;]*m/g, "");
}
