import type { ParameterValue } from "../catalog/parameters";
import type { StatementResult } from "../account/result";

export type { ParameterValue };

/** A bind as it comes over the wire: values are text, or arrays of texts for array binds. */
export interface BindValue {
  /** FIXED, REAL, TEXT, BOOLEAN, DATE, TIME, TIMESTAMP_NTZ, TIMESTAMP_LTZ, TIMESTAMP_TZ, BINARY, VARIANT, ANY ... */
  readonly type: string;
  readonly value: string | null | readonly (string | null)[];
  /** `json` for binary and structured values of some drivers. */
  readonly format?: string;
}

export interface LoginRequest {
  /** Empty where the token tells it. */
  readonly user: string;
  /** A password, or a programmatic access token, which drivers take in its place. */
  readonly password: string;
  /** A token instead of a password, by the kind that the client says it is. */
  readonly token?: { readonly kind: "KEY PAIR" | "ACCESS TOKEN"; readonly text: string };
  readonly databaseName?: string;
  readonly schemaName?: string;
  readonly warehouseName?: string;
  readonly roleName?: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly clientApplication: string;
  readonly clientVersion?: string;
}

export interface StatementRequest {
  readonly sqlText: string;
  /** By position ("1", "2" ...) or name. */
  readonly bindings?: Readonly<Record<string, BindValue>>;
  /** A stage's folder with CSV files of an array bind: what drivers send instead of large `bindings`. */
  readonly bindStage?: string;
  /** Parameters for this statement only (MULTI_STATEMENT_COUNT, QUERY_TAG, any session parameter). */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly describeOnly: boolean;
  /** The id that the result will be kept under; a UUID made by the caller. */
  readonly queryId: string;
  /** Aborted when the client cancels: the statement then fails with 000604. */
  readonly signal: AbortSignal;
}

/** How rows are written for a client. */
export interface ResultForm {
  /** Whether queries' rows go as Arrow; rows that are made as text go as JSON all the same. */
  readonly arrow: boolean;
  /** JSON_INDENT: blanks for each level of semi-structured values. */
  readonly indent: number;
}

/** What the server and the services know of a session. */
export interface ClientSession {
  readonly id: number;
  readonly user: string;
  /** Tells users apart that had one name after the other. */
  readonly userId: number;
  /** Ended by somebody else: its client must log in again. */
  readonly ended: boolean;
  readonly current: {
    readonly database: string | null;
    readonly schema: string | null;
    readonly warehouse: string | null;
    readonly role: string | null;
  };
  /** How rows go to this session's client. */
  readonly resultForm: ResultForm;
  /** Parameters that drivers read, with their JSON types. */
  clientParameters(): readonly { readonly name: string; readonly value: ParameterValue }[];
  /** Runs one statement (or several, when MULTI_STATEMENT_COUNT allows); one at a time per session. @throws SnowflakeError */
  execute(request: StatementRequest): Promise<StatementResult>;
  /** Rolls back what is open and drops temporary objects. */
  close(): Promise<void>;
}

/** What the server knows of the whole. */
export interface SnowglobeEngine {
  /** @throws SnowflakeError 390100 for a wrong user or password */
  login(request: LoginRequest): Promise<ClientSession>;
  /** A kept result by its query id, of any session of the same user. */
  result(userId: number, queryId: string): StatementResult | undefined;
  /** The folder under which stage files lie; `StageTransfer.location` is relative to it. */
  readonly stageRoot: string;
}
