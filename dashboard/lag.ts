import type { ShownDynamicTable } from "./reads/metadata";
import type { DynamicTableLag, LagPoint, Refresh } from "./snapshot";

/** How far back a line goes, in seconds: this long at least, and a few times the target lag. */
const SHORTEST_WINDOW = 15 * 60;
const LAGS_IN_WINDOW = 10;

/** The window begins at a whole minute. */
const MINUTE_MS = 60_000;

const UNIT_SECONDS: Readonly<Record<string, number>> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

/** Seconds of a target lag as SHOW prints it; undefined for DOWNSTREAM. */
export function lagSeconds(targetLag: string): number | undefined {
  const [, number, unit] = /^(\d+) (second|minute|hour|day)s?$/i.exec(targetLag.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * UNIT_SECONDS[unit!.toLowerCase()]!;
}

/** A data timestamp that a poll saw before the history told of its refresh. */
export interface SeenTimestamp {
  readonly dataTimestamp: string;
  /** Snowflake's time of the poll. */
  readonly seenAt: string;
}

/**
 * The lags of dynamic tables over time.
 *
 * @param refreshes the history, in any order
 * @param seen data timestamps that polls saw, by table (schema.name)
 * @param now Snowflake's time
 */
export function lagsOf(
  tables: readonly ShownDynamicTable[],
  refreshes: readonly Refresh[],
  seen: ReadonlyMap<string, readonly SeenTimestamp[]>,
  now: string,
): readonly DynamicTableLag[] {
  const targets = tables.map(({ targetLag }) => lagSeconds(targetLag)).filter((lag) => lag !== undefined);
  return tables.map(({ database: _database, bytes: _bytes, ...table }) => {
    const targetSeconds = lagSeconds(table.targetLag) ?? (targets.length > 0 ? Math.min(...targets) : undefined);
    const window = 1000 * Math.max(SHORTEST_WINDOW, LAGS_IN_WINDOW * (targetSeconds ?? 0));
    const from = MINUTE_MS * Math.floor((Date.parse(now) - window) / MINUTE_MS);
    const own = refreshes
      .filter((refresh) => refresh.schema === table.schema && refresh.table === table.name)
      .sort((a, b) => time(a) - time(b));
    const line = lagLine(completions(own, seen.get(tableKey(table)) ?? []), from, Date.parse(now));
    // The last point is now's, which the page draws itself: what is sent changes with a refresh, and once a minute.
    line.pop();
    return {
      ...table,
      ...(targetSeconds === undefined ? {} : { targetSeconds }),
      line,
      refreshes: own.filter((refresh) => time(refresh) >= from),
    };
  });
}

export function tableKey(table: { readonly schema: string; readonly name: string }): string {
  return `${table.schema}.${table.name}`;
}

/** When a refresh is to be drawn: when it ended, else when it began. */
function time({ endedAt, startedAt, dataTimestamp }: Refresh): number {
  return Date.parse(endedAt ?? startedAt ?? dataTimestamp);
}

/** A moment from which on the table held the data of another one; both in milliseconds. */
interface Completion {
  readonly at: number;
  readonly dataTime: number;
}

function completions(refreshes: readonly Refresh[], seen: readonly SeenTimestamp[]): Completion[] {
  const fromHistory = refreshes
    .filter(({ state }) => state === "SUCCEEDED")
    .map((refresh) => ({ at: time(refresh), dataTime: Date.parse(refresh.dataTimestamp) }));
  const known = new Set(fromHistory.map(({ dataTime }) => dataTime));
  const fromPolls = seen
    .map(({ dataTimestamp, seenAt }) => ({ at: Date.parse(seenAt), dataTime: Date.parse(dataTimestamp) }))
    .filter(({ dataTime }) => !known.has(dataTime));
  return [...fromHistory, ...fromPolls].sort((a, b) => a.at - b.at);
}

/**
 * The saw-tooth of a lag: it grows with time and falls with each completed refresh to that refresh's own duration.
 *
 * @param from start and
 * @param to end of the line, in milliseconds
 */
export function lagLine(completions: readonly Completion[], from: number, to: number): LagPoint[] {
  const points: LagPoint[] = [];
  let dataTime: number | undefined;
  const add = (at: number, of: number): void => {
    points.push({ at: new Date(at).toISOString(), lagSeconds: Math.max(0, (at - of) / 1000) });
  };
  for (const completion of completions) {
    if (completion.at >= from && completion.at <= to) {
      if (dataTime !== undefined) {
        if (points.length === 0) add(from, dataTime);
        add(completion.at, dataTime);
      }
      add(completion.at, completion.dataTime);
    }
    dataTime = completion.dataTime;
  }
  if (dataTime !== undefined) {
    if (points.length === 0) add(Math.max(from, dataTime), dataTime);
    add(to, dataTime);
  }
  return points;
}
