/** What may happen in a simulated account, as data. Numbers are Choices: which table, which column, which value. */
import fc from "fast-check";
import { anyQuery, streamableQuery, type Choice, type Query } from "./query";
import { COLUMN_NAMES, VALUES } from "./values";

/** A row: the choice of a value for each column, in base VALUES. */
export type RowChoice = number;

/** One change of a base table's rows. */
export type Change = { readonly table: Choice } & (
  | { readonly kind: "insert"; readonly rows: readonly RowChoice[] }
  | { readonly kind: "update"; readonly set: Choice; readonly value: Choice; readonly where: Where }
  | { readonly kind: "delete"; readonly where: Where }
  | { readonly kind: "merge"; readonly rows: readonly RowChoice[]; readonly deletes: boolean }
  | { readonly kind: "truncate" }
  | { readonly kind: "overwrite"; readonly where: Where }
  | { readonly kind: "double" }
);

/** Which rows: those with one value in one column, or all. */
export interface Where {
  readonly column: Choice;
  readonly value: Choice;
  readonly all: boolean;
}

/** How the data folder is left behind. */
export type Leaving = "restart" | "kill";

export type Step =
  /** Changes, each a transaction of its own, and mostly a cycle of refreshes after them. */
  | { readonly kind: "change"; readonly changes: readonly Change[]; readonly cycle: boolean }
  | {
      readonly kind: "transaction";
      readonly changes: readonly Change[];
      /** A refresh cycle comes while the transaction is open. */
      readonly tick: boolean;
      readonly end: "commit" | "rollback" | Leaving;
    }
  /** Whole periods of the finest refresh schedule. */
  | { readonly kind: "advance"; readonly periods: number }
  | { readonly kind: "refresh"; readonly table: Choice }
  | { readonly kind: "suspend" | "resume"; readonly table: Choice }
  | { readonly kind: "leave"; readonly how: Leaving }
  /** The next step is cut short by a kill after some of its commits. */
  | { readonly kind: "killDuring"; readonly commits: number }
  /** A change that is committed while a cycle of refreshes is under way, after some commits of it. */
  | { readonly kind: "changeDuring"; readonly commits: number; readonly change: Change }
  | { readonly kind: "consume"; readonly stream: Choice; readonly how: "once" | "transaction" | "rollback" | Leaving }
  | { readonly kind: "task"; readonly task: Choice; readonly action: "resume" | "suspend" | "execute" }
  | { readonly kind: "ddl"; readonly ddl: Ddl };

export type Ddl =
  | { readonly kind: "addColumn"; readonly table: Choice; readonly column: Choice }
  | { readonly kind: "dropColumn"; readonly table: Choice; readonly column: Choice }
  | { readonly kind: "rename"; readonly table: Choice }
  | {
      readonly kind: "replaceTable";
      readonly table: Choice;
      readonly tracked: boolean;
      readonly rows: readonly RowChoice[];
    }
  | { readonly kind: "dropAndUndrop"; readonly table: Choice }
  | { readonly kind: "changeTracking"; readonly table: Choice; readonly on: boolean }
  | { readonly kind: "replaceView"; readonly column: Choice; readonly test: Choice }
  | { readonly kind: "replaceDynamicTable"; readonly table: Choice; readonly query: Query }
  | { readonly kind: "dropDynamicTable"; readonly table: Choice }
  | { readonly kind: "undropDynamicTable"; readonly table: Choice }
  | { readonly kind: "lag"; readonly table: Choice; readonly lag: Choice }
  | { readonly kind: "createOrAlter"; readonly table: Choice; readonly query: Query }
  | { readonly kind: "freeze"; readonly table: Choice; readonly column: Choice; readonly value: Choice }
  | { readonly kind: "thaw"; readonly table: Choice }
  | { readonly kind: "clone"; readonly table: Choice; readonly as: Choice; readonly resume: boolean }
  | { readonly kind: "key"; readonly on: boolean }
  | { readonly kind: "replaceStream"; readonly stream: Choice };

export interface DynamicTableSpec {
  readonly query: Query;
  readonly lag: Choice;
  readonly onSchedule: boolean;
  /** The dynamic tables that it reads are behind a refresh boundary. */
  readonly wrapped: boolean;
}

/** One case: what is made first, and what happens then. */
export interface Case {
  /** INCREMENTAL refreshes go by what changed, also where comparing whole results would cost less: on few rows, always. */
  readonly followsChanges: boolean;
  readonly tables: readonly { readonly columns: readonly string[]; readonly rows: readonly RowChoice[] }[];
  readonly view: Query;
  readonly dynamicTables: readonly DynamicTableSpec[];
  /** Which tasks are resumed at once. */
  readonly tasks: readonly boolean[];
  readonly steps: readonly Step[];
}

/** More than any table of a case has columns. */
const MOST_COLUMNS = 6;

const choice = fc.nat(63);
const row = fc.nat(VALUES ** MOST_COLUMNS - 1);
const where: fc.Arbitrary<Where> = fc.record({
  column: choice,
  value: fc.nat(VALUES - 1),
  all: fc.nat(7).map((n) => n === 7),
});
const kind = <const T extends string>(name: T) => fc.constant(name);

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    arbitrary: fc.record({ kind: kind("insert"), table: choice, rows: fc.array(row, { minLength: 1, maxLength: 6 }) }),
    weight: 5,
  },
  {
    arbitrary: fc.record({ kind: kind("update"), table: choice, set: choice, value: fc.nat(VALUES - 1), where }),
    weight: 4,
  },
  { arbitrary: fc.record({ kind: kind("delete"), table: choice, where }), weight: 3 },
  {
    arbitrary: fc.record({
      kind: kind("merge"),
      table: choice,
      rows: fc.array(row, { minLength: 1, maxLength: 3 }),
      deletes: fc.boolean(),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ kind: kind("overwrite"), table: choice, where }), weight: 1 },
  { arbitrary: fc.record({ kind: kind("truncate"), table: choice }), weight: 1 },
  { arbitrary: fc.record({ kind: kind("double"), table: choice }), weight: 1 },
);

const ddl: fc.Arbitrary<Ddl> = fc.oneof(
  fc.record({ kind: kind("addColumn"), table: choice, column: choice }),
  fc.record({ kind: kind("dropColumn"), table: choice, column: choice }),
  fc.record({ kind: kind("rename"), table: choice }),
  fc.record({
    kind: kind("replaceTable"),
    table: choice,
    tracked: fc.nat(3).map((n) => n < 3),
    rows: fc.array(row, { maxLength: 4 }),
  }),
  fc.record({ kind: kind("dropAndUndrop"), table: choice }),
  fc.record({ kind: kind("changeTracking"), table: choice, on: fc.nat(3).map((n) => n < 3) }),
  fc.record({ kind: kind("replaceView"), column: choice, test: choice }),
  fc.record({ kind: kind("replaceDynamicTable"), table: choice, query: anyQuery }),
  fc.record({ kind: kind("createOrAlter"), table: choice, query: anyQuery }),
  fc.record({ kind: kind("createOrAlter"), table: choice, query: anyQuery }),
  fc.record({ kind: kind("freeze"), table: choice, column: choice, value: fc.nat(VALUES - 2) }),
  fc.record({ kind: kind("freeze"), table: choice, column: choice, value: fc.nat(VALUES - 2) }),
  fc.record({ kind: kind("thaw"), table: choice }),
  fc.record({ kind: kind("clone"), table: choice, as: choice, resume: fc.boolean() }),
  fc.record({ kind: kind("key"), on: fc.nat(3).map((n) => n > 0) }),
  fc.record({ kind: kind("dropDynamicTable"), table: choice }),
  fc.record({ kind: kind("undropDynamicTable"), table: choice }),
  fc.record({ kind: kind("lag"), table: choice, lag: choice }),
  fc.record({ kind: kind("replaceStream"), stream: choice }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      kind: kind("change"),
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
      cycle: fc.nat(3).map((n) => n > 0),
    }),
    weight: 30,
  },
  {
    arbitrary: fc.record({
      kind: kind("transaction"),
      changes: fc.array(change, { minLength: 1, maxLength: 3 }),
      tick: fc.boolean(),
      end: fc.constantFrom("commit", "commit", "rollback", "restart", "kill"),
    }),
    weight: 6,
  },
  { arbitrary: fc.record({ kind: kind("advance"), periods: fc.integer({ min: 1, max: 3 }) }), weight: 6 },
  // Long enough for housekeeping.
  { arbitrary: fc.record({ kind: kind("advance"), periods: fc.constant(13) }), weight: 1 },
  { arbitrary: fc.record({ kind: kind("refresh"), table: choice }), weight: 6 },
  { arbitrary: fc.record({ kind: fc.constantFrom("suspend", "resume"), table: choice }), weight: 5 },
  { arbitrary: fc.record({ kind: kind("leave"), how: fc.constantFrom("restart", "kill") }), weight: 3 },
  { arbitrary: fc.record({ kind: kind("killDuring"), commits: fc.integer({ min: 1, max: 8 }) }), weight: 4 },
  {
    arbitrary: fc.record({ kind: kind("changeDuring"), commits: fc.integer({ min: 1, max: 4 }), change }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      kind: kind("consume"),
      stream: choice,
      how: fc.constantFrom("once", "transaction", "rollback", "restart", "kill"),
    }),
    weight: 5,
  },
  {
    arbitrary: fc.record({ kind: kind("task"), task: choice, action: fc.constantFrom("resume", "suspend", "execute") }),
    weight: 3,
  },
  { arbitrary: fc.record({ kind: kind("ddl"), ddl }), weight: 9 },
);

export const simulatedCase: fc.Arbitrary<Case> = fc.record({
  followsChanges: fc.nat(3).map((n) => n < 3),
  tables: fc.array(
    fc.record({
      columns: fc.subarray([...COLUMN_NAMES], { minLength: 1, maxLength: 4 }),
      rows: fc.array(row, { minLength: 1, maxLength: 10 }),
    }),
    { minLength: 2, maxLength: 2 },
  ),
  view: streamableQuery,
  dynamicTables: fc.array(
    fc.record({
      query: anyQuery,
      lag: choice,
      onSchedule: fc.nat(7).map((n) => n === 7),
      wrapped: fc.nat(4).map((n) => n === 4),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  tasks: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  steps: fc.array(step, { minLength: 4, maxLength: 11, size: "max" }),
});
