import type { Catalog } from "../catalog/catalog";
import { CatalogChange, type IdSource, type RunSql } from "../catalog/change";
import { CatalogLock } from "../catalog/lock";
import { Privileges } from "../catalog/privileges";
import type { Handler } from "./context";
import type { StatementOf } from "../sql/ast/statement";
import type { Clock } from "../clock";
import type { LockNeed, StatementWriter, Storage } from "../storage";
import { AlertHistory } from "../account/alertHistory";
import { AlertPositions } from "../account/alertPositions";
import { AlertRequests } from "../account/alertRequests";
import { NotificationHistory } from "../account/notificationHistory";
import { QueryHistory } from "../account/queryHistory";
import { ResultStore } from "../account/resultStore";
import type { Keeping } from "../account/keeping";
import { CopyHistory } from "../account/copyHistory";
import { LoadHistory } from "../account/loadHistory";
import { GraphHistory, type GraphEntry } from "../account/graphHistory";
import { RefreshHistory } from "../account/refreshHistory";
import { RowCounts } from "../account/rowCounts";
import { StageFiles } from "../account/stageFiles";
import { StreamOffsets } from "../account/streamOffsets";
import { TaskGraphRuns } from "../account/taskGraphRuns";
import { TaskHistory } from "../account/taskHistory";
import { TaskRequests } from "../account/taskRequests";
import { OpenSessions } from "./openSessions";
import { TransactionLog } from "../account/transactionLog";
import type { SystemFunctions } from "./statementModule";
import { WarehouseStates } from "../account/warehouseStates";
import { Mutex } from "../mutex";

/**
 * By what changed in the inputs, by comparing the query's whole result with what is stored, or by what is likely to cost
 * less. The result is the same.
 */
export type RefreshMethod = "CHANGES" | "COMPARISON" | "CHEAPER";

export interface InstanceSettings {
  /** Folder under which stage files lie. */
  readonly stageRoot: string;
  /** Folder of large and older results; emptied at the start. */
  readonly resultFolder: string;
  readonly accountName: string;
  readonly organization: string;
  readonly region: string;
  /** This server's version, as CURRENT_VERSION() answers. */
  readonly version: string;
  /** How INCREMENTAL refreshes are carried out; from one to the next it may be another. */
  refreshMethod: RefreshMethod;
}

/** Makes the catalog's change of a statement; the catalog stays locked until the statement's end. */
export type BeginChange = () => Promise<CatalogChange>;

/** All that the statements of every session share. */
export class Instance {
  readonly privileges: Privileges;
  readonly results: ResultStore;
  readonly warehouses = new WarehouseStates();
  readonly stageFiles: StageFiles;
  readonly refreshHistory = new RefreshHistory();
  readonly graphHistory = new GraphHistory();
  readonly notifications: NotificationHistory;
  readonly taskHistory = new TaskHistory();
  readonly taskGraphRuns = new TaskGraphRuns();
  readonly taskRequests = new TaskRequests();
  readonly alertHistory: AlertHistory;
  readonly alertPositions = new AlertPositions();
  readonly alertRequests = new AlertRequests();
  /** One pipeline refreshes at a time: no dynamic table is ever refreshed twice at once. */
  readonly refreshes = new Mutex();
  readonly streamOffsets = new StreamOffsets();
  readonly loads: LoadHistory;
  readonly copies = new CopyHistory();
  readonly transactions = new TransactionLog();
  readonly sessions = new OpenSessions();
  readonly queries: QueryHistory;
  readonly rowCounts: RowCounts;
  /** Runs the statement of a dynamic table's REFRESH USING; set when the account is opened. */
  runCustom: Handler<StatementOf<"insert"> | StatementOf<"merge">> = () => {
    throw new Error("nobody runs REFRESH USING");
  };
  private lastSystemSession = 0;
  private readonly catalogLock = new CatalogLock();
  private readonly watchers: (() => void)[] = [];

  constructor(
    readonly storage: Storage,
    readonly catalog: Catalog,
    readonly ids: IdSource,
    readonly clock: Clock,
    readonly settings: InstanceSettings,
    /** What queries and calls may name beyond SQL's own functions. */
    readonly functions: SystemFunctions,
  ) {
    this.results = new ResultStore(settings.resultFolder, clock);
    this.privileges = new Privileges(catalog);
    this.queries = new QueryHistory();
    this.stageFiles = new StageFiles(settings.stageRoot, storage);
    this.alertHistory = new AlertHistory(storage, this.alertPositions);
    this.notifications = new NotificationHistory(storage);
    this.rowCounts = new RowCounts(storage);
    this.loads = new LoadHistory(storage);
  }

  /** All that lies in tables of the data file: opening brings it back, housekeeping forgets what is old. */
  get keepings(): readonly Keeping[] {
    return [
      this.refreshHistory,
      this.graphHistory,
      this.loads,
      this.copies,
      this.streamOffsets,
      this.notifications,
      this.taskHistory,
      this.taskGraphRuns,
      this.alertHistory,
      this.alertPositions,
    ];
  }

  /** An id for a session of the service's own: below zero, where no client's lies. */
  nextSystemSession(): number {
    return --this.lastSystemSession;
  }

  get accountName(): string {
    return this.settings.accountName;
  }

  /**
   * Runs a statement that changes the catalog (and maybe data), as one commit of its own: the catalog's rows, DuckDB's
   * tables and the versioned rows appear together or not at all.
   *
   * Locks on tables are taken first, the catalog's own lock by `begin` as late as possible: what takes long (the query
   * of a CREATE TABLE AS) should come before it.
   */
  async change<T>(
    options: {
      readonly locks?: readonly LockNeed[];
      readonly signal?: AbortSignal;
      /** The session's LOCK_TIMEOUT; see WriteOptions. */
      readonly lockTimeoutSeconds?: number;
      /** For the messages of lock conflicts. */
      readonly statementId?: string;
      /** Called when all is durable, before locks are released. */
      readonly committed?: () => void;
    },
    body: (writer: StatementWriter, begin: BeginChange) => Promise<T>,
  ): Promise<T> {
    let release: (() => void) | undefined;
    let change: CatalogChange | undefined;
    let graph: readonly GraphEntry[] = [];
    try {
      const { value } = await this.storage.write(
        undefined,
        { ...options, tables: options.locks ?? [] },
        async (writer) => {
          const result = await body(writer, async () => {
            release ??= await this.catalogLock.acquire();
            return (change ??= new CatalogChange(this.catalog, this.ids));
          });
          if (!change) return result;
          const run: RunSql = async (sql, parameters) =>
            parameters ? writer.run(sql, parameters as never) : writer.runLast(sql);
          await change.persist(run);
          graph = this.graphHistory.entriesOf(change, this.clock.now());
          await this.graphHistory.persist(graph, run);
          return result;
        },
      );
      change?.apply();
      this.graphHistory.add(graph);
      return value;
    } finally {
      release?.();
      if (change) for (const watcher of this.watchers) watcher();
    }
  }

  /** Calls back after each change of the catalog: schedules may have moved. */
  onCatalogChange(watcher: () => void): void {
    this.watchers.push(watcher);
  }
}
