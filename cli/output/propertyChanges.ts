import { isDeepStrictEqual } from "node:util";
import type { StepEventMetadata } from "@pulumi/pulumi/automation";

/** A property that a step changes, with both values as text. */
export interface PropertyChange {
  /** As `alertSchedule.cron.expression`. */
  readonly path: string;
  /** Undefined where it was not set. */
  readonly before?: string;
  /** Undefined where it will not be set. */
  readonly after?: string;
}

/** What stands for a secret in a value. */
const SECRET = "[secret]";

/** What stands for a value that only `up` will know. */
const UNKNOWN = "(known after up)";

/** The key by which the engine marks special values in its events, and the one value of it that means a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** How the engine writes an unknown text. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * What a step changes, down to the innermost properties that differ. Secrets are masked; pure.
 *
 * @param step of an update or a replacement
 */
export function propertyChanges({ diffs = [], old, new: planned }: StepEventMetadata): PropertyChange[] {
  const before = inputsOf(old);
  const after = inputsOf(planned);
  return [...diffs].sort().flatMap((name) => differences(name, before[name], after[name]));
}

function inputsOf(state: StepEventMetadata["old"]): Readonly<Record<string, unknown>> {
  return (state?.inputs ?? {}) as Readonly<Record<string, unknown>>;
}

function differences(path: string, before: unknown, after: unknown): PropertyChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isMap(before) && isMap(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort()
      .flatMap((key) => differences(`${path}.${key}`, before[key], after[key]));
  return [
    {
      path,
      ...(before === undefined ? {} : { before: shown(before) }),
      ...(after === undefined ? {} : { after: shown(after) }),
    },
  ];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(SIGNATURE in value);
}

function shown(value: unknown): string {
  if (typeof value === "string") return value === UNKNOWN_TEXT ? UNKNOWN : value;
  return JSON.stringify(value, (_, inner: unknown) => {
    if (inner === UNKNOWN_TEXT) return UNKNOWN;
    if (typeof inner !== "object" || inner === null || !(SIGNATURE in inner)) return inner;
    return (inner as Record<string, unknown>)[SIGNATURE] === SECRET_SIGNATURE ? SECRET : UNKNOWN;
  }).replace(/^"(.*)"$/, "$1");
}
