import { lockWait } from "../../execution/parameters";
import type { RelationObject, Stream, Table, View } from "../../catalog/objects";
import { compilationError, insufficientPrivileges, unsupported, wrongKind } from "../../errors";
import { followsChanges } from "../../refresh/refreshMode";
import type { StatementOf } from "../../sql/ast/statement";
import { translateDuckDbError } from "../../translate";
import { tracked } from "../table/alterTable";
import { owns, requireOwnership, requirePrivilege } from "../../execution/authorize";
import type { Handler, StatementContext } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { find, findRelation, tryFind } from "../../execution/lookup";
import { status, succeeded } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { bindView, requireInitialized } from "../../execution/queryEnvironment";
import { boundTravel, travelVersion } from "../../execution/timeTravel";
import { requireTracked } from "../../execution/changes/streamSource";
import { viewArms } from "../../execution/changes/viewArms";
import { quoteIfNeeded } from "../../quoting";

/** CREATE STREAM ON TABLE | VIEW | DYNAMIC TABLE. Source: "CREATE STREAM". */
export const createStream: Handler<StatementOf<"createStream">> = async (statement, context) => {
  const { on } = statement;
  if (!on) throw unsupported("CREATE STREAM ... CLONE");
  if (statement.tags.length > 0) throw unsupported("CREATE STREAM ... WITH TAG");
  const { objectKind } = on;
  if (objectKind !== "TABLE" && objectKind !== "VIEW" && objectKind !== "DYNAMIC TABLE") {
    throw unsupported(`CREATE STREAM ON ${objectKind}`);
  }
  const plan = planCreate(context, "STREAM", statement.name, statement);
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const properties = new Properties(statement.properties, context);
  const comment = properties.text("COMMENT") ?? "";
  const appendOnly = properties.boolean("APPEND_ONLY") ?? false;
  const initial = properties.boolean("SHOW_INITIAL_ROWS") ?? false;
  if (properties.boolean("INSERT_ONLY")) throw unsupported("CREATE STREAM ... INSERT_ONLY = TRUE");
  properties.done();

  const source = findRelation(context, on.name, "CREATE STREAM");
  if (source.kind !== objectKind) throw wrongKind(source.kind, objectKind);
  if (source.sessionId !== undefined) throw unsupported("a stream on a temporary object");
  requirePrivilege(context, source, "SELECT");
  const bases = basesOf(source, appendOnly, context);
  const { instance } = context;
  const start = statement.timeTravel && (await startVersion(statement, bases, context));
  const stream: Stream = {
    ...plan.base,
    comment,
    mode: appendOnly ? "APPEND_ONLY" : "DEFAULT",
    source: { id: source.id, kind: source.kind },
    bases: bases.map(({ id, storageId }) => ({ id, storageId })),
  };
  const { replaced } = plan;
  const locks = replaced ? [{ id: replaced.id, mode: "ddl" as const, name: replaced.name }] : [];
  let position = { offset: 0, initial, freshOn: context.startedOn, stale: false };
  const committed = (): void => instance.streamOffsets.publish(stream.id, position);
  await instance.change({ locks, ...lockWait(context), committed }, async (writer, begin) => {
    const change = await begin();
    // The first stream on a table switches its change tracking on, which only the owner may.
    for (const object of untracked(source, bases, context)) {
      const now = change.object(object.id) as Table | View;
      change.put(now.kind === "VIEW" ? { ...now, changeTracking: true } : { ...now, ...tracked(now, true, context) });
    }
    position = { ...position, offset: start ?? instance.storage.lastVersion };
    for (const base of bases) requireTracked(change.object(base.id) as typeof base, position.offset);
    register(context, change, stream, replaced, statement.copyGrants);
    await instance.streamOffsets.persist(stream.id, position, (sql, values) => writer.run(sql, values as never));
  });
  return status(`Stream ${quoteIfNeeded(stream.name)} successfully created.`);
};

/** The stored tables whose changes the stream follows. @throws SnowflakeError for a source that none can be made on */
function basesOf(
  source: RelationObject,
  appendOnly: boolean,
  context: StatementContext,
): Exclude<RelationObject, View>[] {
  const { catalog } = context.instance;
  switch (source.kind) {
    case "TABLE":
      return [source];
    case "DYNAMIC TABLE":
      if (appendOnly) throw compilationError("APPEND_ONLY is not supported for streams on dynamic tables.", "002722");
      if (!followsChanges(source.refreshMode)) {
        throw compilationError(
          `Streams are not supported on dynamic table '${source.name}': its refresh mode is ${source.refreshMode}, not INCREMENTAL.`,
          "002723",
        );
      }
      requireInitialized(source);
      return [source];
    case "VIEW": {
      const arms = viewArms(bindView(source, context), source, catalog);
      if (appendOnly && arms.some((arm) => arm.scans.length > 1)) {
        throw unsupported("an APPEND_ONLY stream on a view with a join");
      }
      const ids = new Set(arms.flatMap((arm) => arm.scans.map((scan) => scan.relation.tag as number)));
      return [...ids].map((id) => catalog.require("TABLE", id));
    }
  }
}

/** What change tracking is still off for. @throws SnowflakeError where the role does not own it */
function untracked(source: RelationObject, bases: readonly Exclude<RelationObject, View>[], context: StatementContext) {
  const objects = new Set<RelationObject>([source, ...bases]);
  const found = [...objects].filter((object) => {
    const now = context.instance.catalog.object(object.id) as RelationObject | undefined;
    return now !== undefined && !now.changeTracking;
  });
  for (const object of found) {
    if (!owns(context, object)) {
      throw insufficientPrivileges("stream source without CHANGE_TRACKING enabled", object.name);
    }
  }
  return found;
}

/** The version that AT or BEFORE means, for which every base must have its history. */
async function startVersion(
  statement: StatementOf<"createStream">,
  bases: readonly Exclude<RelationObject, View>[],
  context: StatementContext,
): Promise<number> {
  const travel = boundTravel(statement.timeTravel!, context);
  try {
    return await context.instance.storage.read(undefined, context.signal, async (reader) => {
      let version = 0;
      for (const base of bases) version = await travelVersion(travel, base, reader, context);
      return version;
    });
  } catch (error) {
    throw translateDuckDbError(error);
  }
}

/** ALTER STREAM ... SET | UNSET COMMENT. Source: "ALTER STREAM". */
export const alterStream: Handler<StatementOf<"alterStream">> = async (statement, context) => {
  const found = tryFind(context, "STREAM", statement.name, "ALTER STREAM");
  if (!found && statement.ifExists) return succeeded();
  const stream = found ?? find(context, "STREAM", statement.name, "ALTER STREAM");
  requireOwnership(context, stream);
  const { action } = statement;
  let changed: Stream;
  if (action.action === "set") {
    const properties = new Properties(action.properties, context);
    properties.refuse("APPEND_ONLY", "INSERT_ONLY");
    changed = { ...stream, comment: properties.text("COMMENT") ?? stream.comment };
    properties.done();
  } else if (action.action === "unset") {
    const other = action.names.find((name) => name !== "COMMENT");
    if (other) throw unsupported(`ALTER STREAM UNSET ${other}`);
    changed = { ...stream, comment: "" };
  } else throw unsupported(`ALTER STREAM ${action.action}`);
  await context.instance.change({ signal: context.signal }, async (_, begin) => (await begin()).put(changed));
  return succeeded();
};
