/** Checks of a schedule's five fields. Snowflake documentation: "CREATE ALERT", SCHEDULE, USING CRON. */

interface Field {
  readonly word: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const DAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

const FIELDS: readonly Field[] = [
  { word: "minute", least: 0, most: 59 },
  { word: "hour", least: 0, most: 23 },
  { word: "day of the month", least: 1, most: 31 },
  { word: "month", least: 1, most: 12, names: MONTHS },
  { word: "day of the week", least: 0, most: 6, names: DAYS },
];

/** Days of the longest year's months. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Says why five fields are no schedule.
 *
 * @param cron fields with one blank between them
 * @returns the reason, to follow the text in a message; undefined where it can be used
 */
export function cronProblem(cron: string): string | undefined {
  const texts = cron.toUpperCase().split(" ");
  const values: (ReadonlySet<number> | undefined)[] = [];
  for (const [index, field] of FIELDS.entries()) {
    const read = fieldValues(texts[index] ?? "", field);
    if (read === "none")
      return `has '${texts[index]}' for the ${field.word}, which must be of ${field.least} to ${field.most}`;
    values.push(read);
  }
  const [, , days, months, weekdays] = values;
  if (days === undefined || weekdays === undefined || texts[4] !== "*") return undefined;
  const exists = [...(months ?? [])].some((month) => [...days].some((day) => day <= LONGEST[month - 1]!));
  return exists ? undefined : "never comes: no such month has such a day";
}

/** Values that a field stands for; undefined where the calendar decides (L, and `#`); `none` where it is wrong. */
function fieldValues(text: string, field: Field): ReadonlySet<number> | undefined | "none" {
  const values = new Set<number>();
  const isDay = field.word.startsWith("day");
  for (const item of text.split(",")) {
    if (isDay && /^(\d?L|[A-Z]{3}L|\d#[1-5]|[A-Z]{3}#[1-5])$/.test(item)) return undefined;
    const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
    const [low, high] = from === "*" ? [field.least, field.most] : [numberOf(from, field), numberOf(to ?? from, field)];
    const by = step === undefined ? 1 : Number(step);
    if (low === undefined || high === undefined || low > high || by < 1 || (from === "*" && to !== undefined))
      return "none";
    for (
      let value = low;
      value <= (step !== undefined && to === undefined && from !== "*" ? field.most : high);
      value += by
    )
      values.add(value);
  }
  return values;
}

function numberOf(text: string | undefined, { least, most, names }: Field): number | undefined {
  const named = names?.indexOf(text ?? "") ?? -1;
  const value = named >= 0 ? named + least : /^\d+$/.test(text ?? "") ? Number(text) : NaN;
  return value >= least && value <= most ? value : undefined;
}
