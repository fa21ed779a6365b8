/** Steps of a time axis, in seconds; each divides an hour or a day. */
const STEPS = [15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];
const MOST_TICKS = 5;

/** Where an axis of time is labelled: at full minutes, hours, ..., so that a label says exactly its time. */
export interface TimeTicks {
  /** In milliseconds since 1970, ascending. */
  readonly values: readonly number[];
  /** Whether labels without seconds would not tell them apart. */
  readonly needSeconds: boolean;
}

/**
 * @param start in milliseconds since 1970, as `end`
 */
export function timeTicks(start: number, end: number): TimeTicks {
  const seconds = (end - start) / 1000;
  const step = STEPS.find((one) => seconds / one <= MOST_TICKS) ?? 86_400 * Math.ceil(seconds / 86_400 / MOST_TICKS);
  const spacing = 1000 * step;
  const values: number[] = [];
  for (let at = Math.ceil(start / spacing) * spacing; at <= end; at += spacing) values.push(at);
  return { values, needSeconds: step < 60 };
}
