import { lockWait } from "../../execution/parameters";
import type { Column, Constraint, Stream, Table } from "../../catalog/objects";
import { columnOf } from "./columnDefinition";
import { columnConstraints, withConstraints } from "./constraints";
import { alterToTable } from "./createOrAlter";
import { compilationError, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import {
  columnType,
  emitPlan,
  physicalType,
  translateDuckDbError,
  castTo,
  columnRef,
  emitExpression,
  type BoundQuery,
} from "../../translate";
import { templateColumns } from "./templateColumns";
import { physicalColumn, requireDistinct } from "../../execution/tableColumns";
import { requirePrivilege } from "../../execution/authorize";
import { defaultValue, notNull } from "../dml/columnValues";
import type { Handler, StatementContext } from "../../execution/context";
import { rowAccessUse, withAttachments } from "../../execution/policyUse";
import { planCreate, register } from "../../execution/create";
import { clusteringKey } from "../../execution/clusteringKey";
import { findRelation, tryFindRelation } from "../../execution/lookup";
import { copyIdentities, createIdentities } from "../../execution/numberSource";
import { NO_ROWS, status } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { rowTimesByDefault, withRowTimes } from "../../execution/rowTimestamp";
import { bind } from "../query/query";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { scanTexts } from "../../execution/scans";
import { StreamConsumption, streamsRead } from "../stream/streamConsumption";
import { boundTravel, travelVersion } from "../../execution/timeTravel";
import { useWarehouse } from "../../execution/useWarehouse";
import type { LockNeed, StatementWriter } from "../../storage";
import { quoteIfNeeded } from "../../quoting";

/** CREATE TABLE in all its forms: columns, AS query, LIKE, CLONE. Source: "CREATE TABLE". */
export const createTable: Handler<StatementOf<"createTable">> = async (statement, context) => {
  const temporary = statement.persistence === "TEMPORARY";
  const existing = statement.orAlter ? tryFindRelation(context, statement.name, "CREATE OR ALTER TABLE") : undefined;
  if (existing) return alterToTable(statement, existing, context);
  const plan = planCreate(context, "TABLE", statement.name, { ...statement, orAlter: false }, { temporary });
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  const comment = properties.text("COMMENT");
  const tracking = properties.boolean("CHANGE_TRACKING") ?? false;
  const parameters = properties.parameters("TABLE");
  const schemaEvolution = properties.boolean("ENABLE_SCHEMA_EVOLUTION");
  const rowTimes = properties.boolean("ROW_TIMESTAMP") ?? (rowTimesByDefault(plan.base.parentId, context) || undefined);
  properties.done();
  const schema = context.instance.catalog.require("SCHEMA", plan.base.parentId);
  const storageId = context.instance.ids.next();
  const content = await contentOf(statement, context);
  const table: Table = {
    ...plan.base,
    ...(content.attached && withModelTags(plan.base, content.attached)),
    comment: comment ?? content.comment,
    parameters,
    storageId,
    columns: content.columns,
    nextColumn: content.nextColumn,
    transient: statement.persistence === "TRANSIENT" || schema.transient,
    clusterBy: clusteringKey(statement.clusterBy, content.columns, context) || (content.clusterBy ?? ""),
    ...(schemaEvolution && { schemaEvolution }),
    changeTracking: tracking,
    firstVersion: context.instance.storage.lastVersion,
    trackedSince: tracking ? context.instance.storage.lastVersion : undefined,
    rowTimesSince: content.rowTimesSince,
    ...withRowTimes(content, rowTimes, context),
    constraints:
      content.constraints ??
      withConstraints(
        { id: plan.base.id, name: plan.base.name, columns: content.columns },
        [...columnConstraints(statement.columns), ...statement.constraints],
        context,
      ),
  };
  const use = statement.rowAccessPolicy;
  const guarded: Table = use ? { ...table, rowAccess: rowAccessUse(context, table, use) } : table;
  const { replaced } = plan;
  const locks: LockNeed[] =
    replaced && "storageId" in replaced ? [{ id: replaced.storageId, mode: "ddl", name: replaced.name }] : [];
  const consumption = new StreamConsumption(context, content.consumed ?? []);
  locks.push(...consumption.locks);
  if (content.fill) useWarehouse(context);
  let filled = 0;
  try {
    const { committed } = consumption;
    await context.instance.change({ locks, ...lockWait(context), committed }, async (writer, begin) => {
      if (content.fill) filled = await consumption.around(writer, () => content.fill!(storageId, writer));
      else await writer.createTable(storageId, table.columns.map(physicalColumn));
      let { columns } = table;
      if (content.model) {
        const goesOn = content.fill !== undefined;
        columns = await copyIdentities(columns, goesOn, () => context.instance.ids.next(), writer);
      } else await createIdentities(columns, writer);
      const change = await begin();
      register(context, change, { ...guarded, columns }, replaced, statement.copyGrants);
      if (replaced?.sessionId !== undefined && "storageId" in replaced) await writer.dropTable(replaced.storageId);
    });
  } catch (error) {
    throw translateDuckDbError(error);
  }
  const answer = status(`Table ${quoteIfNeeded(table.name)} successfully created.`);
  // Of CREATE TABLE ... AS drivers tell how many rows it inserted.
  return content.counts ? { ...answer, statistics: { ...NO_ROWS, numRowsInserted: filled } } : answer;
};

/** What a new table holds: its columns, and how it is filled where it starts with rows. */
interface Content {
  readonly columns: Column[];
  readonly nextColumn: number;
  readonly comment: string;
  /** The clustering key of a table that is cloned. */
  readonly clusterBy?: string;
  /** Of a table that is cloned: its rows keep the times of their commits. */
  readonly rowTimesSince?: number;
  /** The columns are those of another table. */
  readonly model?: boolean;
  /** Tags and row access policy taken over from a model. */
  readonly attached?: Pick<Table, "tags" | "rowAccess">;
  /** Constraints taken over from a model. */
  readonly constraints?: readonly Constraint[];
  readonly fill?: (storageId: number, writer: StatementWriter) => Promise<number>;
  /** Rows that it is filled with count as inserted. */
  readonly counts?: boolean;
  /** The streams that filling it reads. */
  readonly consumed?: readonly Stream[];
}

async function contentOf(statement: StatementOf<"createTable">, context: StatementContext): Promise<Content> {
  const { source } = statement;
  if (!source) {
    const plain = statement.columns.map((column, index) => columnOf(column, index + 1, column.type!, context));
    const columns = withAttachments(context, plain, statement.columns);
    // Bound here only so that a default which can never be computed is found now, not by the first INSERT.
    for (const column of columns) defaultValue(column, context);
    return { columns: withKeys(columns, statement), nextColumn: columns.length + 1, comment: "" };
  }
  if (source.kind === "template") {
    const columns = await templateColumns(source.query, context);
    requireDistinct(columns);
    return { columns, nextColumn: columns.length + 1, comment: "" };
  }
  if (source.kind === "query") return asQuery(statement, await bind(source.query, context), context);
  const model = findRelation(context, source.name, "CREATE TABLE");
  requirePrivilege(context, model, "SELECT");
  if (model.kind === "VIEW" || (model.kind === "DYNAMIC TABLE" && source.kind === "like")) {
    throw unsupported(`CREATE TABLE ... ${source.kind.toUpperCase()} of a ${model.kind}`);
  }
  if (model.kind === "DYNAMIC TABLE" && !model.content) throw uninitialized();
  const { columns, nextColumn } = model;
  const constraints = model.constraints ?? [];
  if (source.kind === "like") return { columns: [...columns], nextColumn, comment: "", constraints, model: true };
  const { timeTravel } = source;
  if (model.sessionId !== undefined && statement.persistence !== "TEMPORARY") {
    throw compilationError("Temp table cannot be cloned to a permanent or transient object.", "002121", "0A000");
  }
  if (model.transient && statement.persistence === "PERMANENT") {
    throw compilationError("Transient object cannot be cloned to a permanent object.", "002120", "0A000");
  }
  return {
    columns: [...columns],
    nextColumn,
    comment: model.comment,
    constraints,
    clusterBy: model.clusterBy,
    rowTimesSince: model.rowTimesSince,
    model: true,
    attached: { tags: model.tags, rowAccess: model.rowAccess },
    fill: async (storageId, writer) => {
      const version = timeTravel && (await travelVersion(boundTravel(timeTravel, context), model, writer, context));
      return writer.clone(model.storageId, storageId, version, model.rowTimesSince !== undefined);
    },
  };
}

/** A clone keeps its source's tags and policies; tags that the statement gives count before them. */
function withModelTags(base: Pick<Table, "tags">, { tags, rowAccess }: Pick<Table, "tags" | "rowAccess">) {
  const own = new Set((base.tags ?? []).map(({ tagId }) => tagId));
  const all = [...(base.tags ?? []), ...(tags ?? []).filter(({ tagId }) => !own.has(tagId))];
  return { ...(all.length > 0 && { tags: all }), ...(rowAccess && { rowAccess }) };
}

/** Source: "Clone dynamic tables", cloning an uninitialized dynamic table. */
function uninitialized(): Error {
  return compilationError(
    "Cannot clone an uninitialized dynamic table. Please run a manual refresh or wait for a scheduled refresh before cloning.",
    "002741",
    "02000",
  );
}

/** CREATE TABLE ... AS: types come from the query unless the column list gives them. */
function asQuery(statement: StatementOf<"createTable">, bound: BoundQuery, context: StatementContext): Content {
  if (statement.columns.length > 0 && statement.columns.length !== bound.columns.length) {
    throw compilationError("Invalid column definition list", "002026", "42601");
  }
  const columns = bound.columns.map((column, index): Column => {
    const type = columnType(column.type);
    const given = statement.columns[index];
    if (given?.identity) throw unsupported("AUTOINCREMENT in CREATE TABLE ... AS");
    if (given) return columnOf(given, index + 1, given.type ?? type, context);
    return { name: column.name, type, nullable: true, comment: "", physical: `c${index + 1}` };
  });
  requireDistinct(columns);
  const { session } = queryEnvironment(context);
  return {
    columns: withKeys(withAttachments(context, columns, statement.columns), statement),
    nextColumn: columns.length + 1,
    comment: "",
    consumed: streamsRead(context, [bound.plan]),
    counts: true,
    fill: async (storageId, writer) => {
      const scans = await scanTexts(bound.plan, writer, context);
      const options = { scan: (node: { readonly scanId: number }) => scans.get(node.scanId)! };
      const values = columns.map((column, index) => {
        const value = castTo(columnRef(bound.columns[index]!), column.type, session, "explicit");
        const sql = `CAST(${emitExpression(value, options)} AS ${physicalType(column.type)})`;
        return column.nullable ? sql : notNull(sql, column);
      });
      return writer.createTableAs(
        storageId,
        columns.map((column) => column.physical),
        `SELECT ${values.join(", ")} FROM (${emitPlan(bound.plan, options)})`,
      );
    },
  };
}

/** Columns of a primary key take no NULL. */
function withKeys(columns: Column[], statement: StatementOf<"createTable">): Column[] {
  requireDistinct(columns);
  const keys = new Set(
    statement.constraints
      .filter((constraint) => constraint.kind === "primaryKey")
      .flatMap((constraint) => constraint.columns.map((column) => column.name)),
  );
  return columns.map((column) => (keys.has(column.name) ? { ...column, nullable: false } : column));
}
