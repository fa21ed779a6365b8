import type { ResourceChange } from "../output/deployment";
import type { PropertyChange } from "../output/propertyChanges";
import { formatCount } from "../output/table";

/** Credits for each hour that a warehouse is awake. Snowflake documentation: "Overview of warehouses". */
const CREDITS_AN_HOUR: Readonly<Record<string, number>> = {
  XSMALL: 1,
  SMALL: 2,
  MEDIUM: 4,
  LARGE: 8,
  XLARGE: 16,
  XXLARGE: 32,
  XXXLARGE: 64,
  X4LARGE: 128,
  X5LARGE: 256,
  X6LARGE: 512,
};

const SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };
const DAY = 86_400;

/** What a changed property means for the bill; undefined where it means nothing, or nobody can tell. */
type Hint = (change: PropertyChange) => string | undefined;

const HINTS: readonly { readonly path: RegExp; readonly hint: Hint }[] = [
  { path: /^warehouseSize$/, hint: sizeHint },
  { path: /^autoSuspend$/, hint: suspendHint },
  { path: /^environment\.WORKSHOP_TARGET_LAG$/, hint: lagHint },
];

/**
 * What a preview's changes cost, a line each: warehouses that are made or change their size or their rest, and target lags.
 * Pure.
 */
export function costHints(changes: readonly ResourceChange[]): string[] {
  return changes.flatMap((change) =>
    (change.properties ?? []).flatMap((property) => {
      const text = HINTS.find(({ path }) => path.test(property.path))?.hint(property);
      return text === undefined ? [] : [`${change.object ?? change.name}: ${text}`];
    }),
  );
}

function sizeHint({ before, after }: PropertyChange): string | undefined {
  const [old, now] = [credits(before), credits(after)];
  if (now === undefined) return undefined;
  return `${now} ${now === 1 ? "credit" : "credits"} for each hour that it is awake${old === undefined ? "" : `, not ${old}`}`;
}

function credits(size: string | undefined): number | undefined {
  return CREDITS_AN_HOUR[(size ?? "").toUpperCase().replaceAll(/[-_ ]/g, "")];
}

function suspendHint({ before, after }: PropertyChange): string | undefined {
  const seconds = Number(after);
  if (after === undefined || Number.isNaN(seconds)) return undefined;
  const was = before === undefined ? "" : `, not after ${before} s`;
  return seconds === 0 ? "never goes to sleep by itself" : `goes to sleep after ${formatCount(seconds)} s${was}`;
}

/** Only refreshes that find changed data need the warehouse, so this is the most. */
function lagHint({ before, after }: PropertyChange): string | undefined {
  const [old, now] = [refreshesADay(before), refreshesADay(after)];
  if (now === undefined) return undefined;
  const was = old === undefined ? "" : `, not ${formatCount(old)}`;
  return `target lag ${after}: up to ${formatCount(now)} refreshes a day on the warehouse${was}, as many as find changed data`;
}

function refreshesADay(lag: string | undefined): number | undefined {
  const [, count, unit] = /^(\d+) (second|minute|hour|day)s?$/i.exec(lag ?? "") ?? [];
  return unit === undefined ? undefined : Math.ceil(DAY / (Number(count) * SECONDS[unit.toLowerCase()]!));
}
