/**
 * What the server tells the page of one environment: everything that is shown, as one JSON document after every poll. Times are ISO 8601 in
 * UTC, by Snowflake's clock unless said otherwise.
 */

/** One part of the page. A part whose statement failed says so and keeps what it had before. */
export interface Section<T> {
  readonly data?: T;
  /** When the data were read; absent until a first read succeeds. */
  readonly readAt?: string;
  /** One line: why the last read failed. */
  readonly error?: string;
}

export interface StateCount {
  readonly state: string;
  readonly stateName: string;
  readonly loans: number;
}

/** A table of loans by state. */
export interface LoansByState {
  readonly name: string;
  /** Most loans first. */
  readonly states: readonly StateCount[];
}

/** A dynamic table's lag over time. */
export interface DynamicTableLag {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  /** As SHOW prints it: `1 minute`, `DOWNSTREAM`. */
  readonly targetLag: string;
  /** Of a table with DOWNSTREAM: the shortest target among the other tables, which sets its pace. */
  readonly targetSeconds?: number;
  readonly refreshMode: string;
  readonly refreshModeReason?: string;
  readonly schedulingState: string;
  readonly dataTimestamp?: string;
  /** Corners of the line to draw, oldest first, without its end: from the last one it grows until now. */
  readonly line: readonly LagPoint[];
  /** Refreshes within the line's time, oldest first. */
  readonly refreshes: readonly Refresh[];
}

export interface LagPoint {
  readonly at: string;
  readonly lagSeconds: number;
}

/** A row of DYNAMIC_TABLE_REFRESH_HISTORY. */
export interface Refresh {
  readonly schema: string;
  readonly table: string;
  readonly state: string;
  /** NO_DATA, INCREMENTAL, FULL or REINITIALIZE; absent where nothing was done. */
  readonly action?: string;
  readonly trigger: string;
  readonly dataTimestamp: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly inserted?: number;
  readonly deleted?: number;
  readonly message?: string;
}

/** A row of the view STG_TEST_FAILURES. */
export interface TestFailure {
  readonly test: string;
  readonly failures: number;
  readonly isError: boolean;
  readonly isWarning: boolean;
  readonly models: readonly string[];
}

/** A row of TASK_HISTORY or ALERT_HISTORY. */
export interface Run {
  readonly name: string;
  readonly schema: string;
  readonly state: string;
  /** What made it run: SCHEDULE, TRIGGER, EXECUTE_TASK ... */
  readonly from?: string;
  readonly scheduledAt: string;
  readonly completedAt?: string;
  readonly message?: string;
}

/** A row of NOTIFICATION_HISTORY, with what the local mailbox knows of it. */
export interface Mail {
  readonly id: string;
  readonly createdAt: string;
  readonly integration: string;
  readonly status: string;
  readonly message?: string;
  /** Known on the local target only: Snowflake does not tell. */
  readonly envelope?: MailEnvelope;
}

export interface MailEnvelope {
  readonly subject: string;
  readonly to: readonly string[];
}

export type NodeStatus = "good" | "busy" | "attention" | "off" | "missing";

/** A step of the pipeline. */
export interface PipelineNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly status: NodeStatus;
  /** The status in words. */
  readonly says: string;
  readonly facts: readonly string[];
  /** Ids of the steps it reads. */
  readonly from: readonly string[];
}

export interface ConnectionStatus {
  readonly state: "connecting" | "connected" | "lost";
  /** By this computer's clock. */
  readonly since: string;
  /** One line: why the connection was lost. */
  readonly message?: string;
}

/** What watching costs. */
export interface ReadingCost {
  /** Whether statements that need a warehouse run only when there is something new to read. */
  readonly isSparing: boolean;
  readonly warehouse: string;
  /** As SHOW WAREHOUSES says: STARTED, SUSPENDED ... */
  readonly warehouseState?: string;
  /** Polls since the server's start that used the warehouse. */
  readonly warehouseReads: number;
  /** By this computer's clock. */
  readonly lastWarehouseRead?: string;
}

/** What every page is told, whatever it shows. */
export interface Envelope {
  /** Of the page that fits this server: another one means that the page must be loaded anew. */
  readonly pageVersion: string;
  /** What is watched, for the title. */
  readonly label: string;
  readonly intervalSeconds: number;
  readonly connection: ConnectionStatus;
}

export interface Snapshot extends Envelope {
  /** Snowflake's time of the last poll. */
  readonly now?: string;
  readonly cost: ReadingCost;
  readonly standard: Section<LoansByState>;
  readonly dynamic: Section<LoansByState>;
  readonly lags: Section<readonly DynamicTableLag[]>;
  readonly failures: Section<readonly TestFailure[]>;
  /** Those that found something to do, and those that failed. */
  readonly refreshes: Section<readonly Refresh[]>;
  readonly tasks: Section<readonly Run[]>;
  readonly alerts: Section<readonly Run[]>;
  readonly mails: Section<readonly Mail[]>;
  readonly pipeline: readonly PipelineNode[];
}
