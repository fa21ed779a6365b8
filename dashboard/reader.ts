import { lagsOf, tableKey, type SeenTimestamp } from "./lag";
import type { Mailbox } from "./mailbox";
import { MODELS, type WatchedNames } from "./names";
import { pipelineOf } from "./pipeline";
import { ReadPace } from "./readPace";
import { readAlertRuns, readMails, readRefreshes, readTaskRuns } from "./reads/histories";
import { fingerprint, NO_METADATA, readMetadata, readNow, type Metadata } from "./reads/metadata";
import { readSection, type Reader } from "./reads/read";
import { expectObject, readLoansByState, readTestFailures } from "./reads/tables";
import type {
  Envelope,
  LoansByState,
  Mail,
  ReadingCost,
  Refresh,
  Run,
  Section,
  Snapshot,
  TestFailure,
} from "./snapshot";

/** Rows of the histories that the page lists; the lines of the lags know all. */
const LISTED = 40;
/** Data timestamps that are kept for each dynamic table. */
const KEPT_TIMESTAMPS = 200;

export interface ReaderOptions {
  readonly names: WatchedNames;
  /** Whether statements that need a warehouse run only when there is something new to read. */
  readonly isSparing: boolean;
  /** The local target's mails. */
  readonly mailbox?: Mailbox;
}

/** Everything of a snapshot that is read from Snowflake. */
export type Findings = Omit<Snapshot, keyof Envelope>;

/** What needs a warehouse. */
interface Details {
  readonly standard: Section<LoansByState>;
  readonly dynamic: Section<LoansByState>;
  readonly failures: Section<readonly TestFailure[]>;
  readonly refreshes: Section<readonly Refresh[]>;
  readonly tasks: Section<readonly Run[]>;
  readonly alerts: Section<readonly Run[]>;
  readonly mails: Section<readonly Mail[]>;
}

/** Reads the watched objects poll by poll, and remembers what the next poll needs. */
export class WatchedReader {
  private metadata: Metadata = NO_METADATA;
  private details: Details = {
    standard: {},
    dynamic: {},
    failures: {},
    refreshes: {},
    tasks: {},
    alerts: {},
    mails: {},
  };
  private readonly seen = new Map<string, SeenTimestamp[]>();
  private now: string | undefined;
  private readonly pace: ReadPace;

  constructor(private readonly options: ReaderOptions) {
    this.pace = new ReadPace(options.isSparing);
  }

  /**
   * One poll.
   *
   * @param today this computer's time in milliseconds
   * @throws ConnectionLost
   */
  async poll(reader: Reader, today: number = Date.now()): Promise<void> {
    const now = await readNow(reader);
    this.metadata = await readMetadata(reader, this.options.names, this.metadata, () => now);
    this.now = now;
    this.noteTimestamps(now);
    const print = fingerprint(this.metadata);
    if (this.pace.isDue(print, today)) {
      this.details = await this.readDetails(reader, now);
      this.pace.done(print, today);
    }
  }

  findings(): Findings {
    const { names } = this.options;
    const { metadata, details, now } = this;
    const { data, readAt, error } = metadata.dynamicTables;
    return {
      now,
      cost: this.cost(),
      standard: details.standard,
      dynamic: details.dynamic,
      lags: {
        ...(error === undefined ? {} : { error }),
        ...(data && now ? { data: lagsOf(data, details.refreshes.data ?? [], this.seen, now), readAt } : {}),
      },
      failures: details.failures,
      refreshes: newest(details.refreshes, ({ action }) => action !== "NO_DATA"),
      tasks: newest(details.tasks),
      alerts: newest(details.alerts),
      mails: details.mails,
      pipeline: pipelineOf({ names, metadata, ...details }),
    };
  }

  private cost(): ReadingCost {
    const { isSparing, names } = this.options;
    const state = this.metadata.warehouseState.data;
    return {
      isSparing,
      warehouse: names.warehouse,
      ...(state ? { warehouseState: state } : {}),
      warehouseReads: this.pace.reads,
      ...(this.pace.lastRead ? { lastWarehouseRead: new Date(this.pace.lastRead).toISOString() } : {}),
    };
  }

  private noteTimestamps(now: string): void {
    for (const table of this.metadata.dynamicTables.data ?? []) {
      const { dataTimestamp } = table;
      const seen = this.seen.get(tableKey(table)) ?? [];
      if (dataTimestamp === undefined || seen.at(-1)?.dataTimestamp === dataTimestamp) continue;
      this.seen.set(tableKey(table), [...seen, { dataTimestamp, seenAt: now }].slice(-KEPT_TIMESTAMPS));
    }
  }

  private async readDetails(reader: Reader, readAt: string): Promise<Details> {
    const { names } = this.options;
    const { analyticsDatabase: database, analyticsSchema: schema } = names;
    const { metadata, details } = this;
    const now = (): string => readAt;
    const [standard, dynamic, failures, refreshes, tasks, alerts, mails] = await Promise.all([
      readSection(details.standard, now, async () =>
        readLoansByState(reader, expectObject(metadata.tables.data, MODELS.standard, schema)),
      ),
      readSection(details.dynamic, now, async () =>
        readLoansByState(reader, expectObject(metadata.dynamicTables.data, MODELS.dynamic, schema)),
      ),
      readSection(details.failures, now, async () =>
        readTestFailures(reader, expectObject(metadata.views.data, MODELS.failures, schema)),
      ),
      readSection(details.refreshes, now, () => readRefreshes(reader, database)),
      readSection(details.tasks, now, () => readTaskRuns(reader, database)),
      readSection(details.alerts, now, () => readAlertRuns(reader, database)),
      readSection(details.mails, now, async () => this.withEnvelopes(await this.readMails(reader, database))),
    ]);
    return { standard, dynamic, failures, refreshes, tasks, alerts, mails };
  }

  private readMails(reader: Reader, database: string): Promise<readonly Mail[]> {
    return readMails(reader, database, this.options.names.emailIntegration);
  }

  private withEnvelopes(mails: readonly Mail[]): Promise<readonly Mail[]> {
    const { mailbox } = this.options;
    return Promise.all(
      mails.map(async (mail) => {
        const envelope = await mailbox?.envelope(mail.id);
        return envelope ? { ...mail, envelope } : mail;
      }),
    );
  }
}

function newest<T>(section: Section<readonly T[]>, accept: (item: T) => boolean = () => true): Section<readonly T[]> {
  return section.data ? { ...section, data: section.data.filter(accept).slice(0, LISTED) } : section;
}
