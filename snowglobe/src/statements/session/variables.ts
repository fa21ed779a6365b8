import { compilationError, SnowflakeError, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { Binder, columnType, emitPlan, encodeForWire, translateDuckDbError, type Plan } from "../../translate";
import type { Handler, StatementContext } from "../../execution/context";
import { succeeded } from "../../execution/outcome";
import { queryEnvironment } from "../../execution/queryEnvironment";
import { scanTexts } from "../../execution/scans";
import { StatementType } from "../../account/statementType";

/** SET v = e, SET (v, w) = (e, f), SET (v, w) = (SELECT ...). Source: "SET". Variables hold text, numbers and booleans. */
export const setVariables: Handler<StatementOf<"setVariables">> = async (statement, context) => {
  const { names } = statement;
  for (const { name, quoted } of names) {
    if (!quoted && RESERVED_VARIABLES.has(name))
      throw compilationError(`Variable name '${name}' is reserved.`, "001003");
  }
  const plan = rowOfValues(statement, context);
  if (names.length !== plan.columns.length) {
    throw compilationError("Number of variables does not match number of values");
  }
  for (const { type } of plan.columns) {
    if (!SETTABLE.has(columnType(type).kind)) throw unsupported(`SET of a ${type.kind}`);
  }
  const rows = await readRows(plan, context);
  if (rows.length > 1) throw new SnowflakeError("090150", "22000", "Single-row subquery returns more than one row.");
  names.forEach(({ name }, index) => {
    const type = columnType(plan.columns[index]!.type);
    const text = rows[0]?.[index] ?? null;
    const value = type.kind === "BOOLEAN" && text !== null ? String(text === "1") : text;
    if (value !== null && type.kind === "VARCHAR") requireShort(name, value);
    const createdOn = context.session.variables.get(name)?.createdOn ?? context.startedOn;
    context.session.variables.set(name, { type, value, createdOn, updatedOn: context.startedOn });
  });
  return succeeded(StatementType.SCL);
};

const RESERVED_VARIABLES: ReadonlySet<string> = new Set(["CURRENT", "PUBLIC"]);

/** Bytes of a text in a variable. Source: "SET", usage notes. */
const LONGEST_TEXT = 16 * 1024;

function requireShort(name: string, value: string): void {
  const bytes = Buffer.byteLength(value);
  if (bytes <= LONGEST_TEXT) return;
  throw compilationError(
    `Assignment to '${name}' not done because value exceeds size limit for variables. Its size is ${bytes}; the limit is ${LONGEST_TEXT} (internal storage size in bytes).`,
    "001131",
    "22001",
  );
}

const SETTABLE: ReadonlySet<string> = new Set(["NUMBER", "FLOAT", "VARCHAR", "BOOLEAN"]);

/** The values as a plan of one row. A subquery may give several variables their values. */
function rowOfValues({ names, values }: StatementOf<"setVariables">, context: StatementContext): Plan {
  const binder = new Binder(queryEnvironment(context), context.text);
  const [first] = values;
  if (values.length === 1 && names.length > 1 && first!.kind === "subquery") return binder.query(first!.query).plan;
  const expressions = values.map((value) => binder.scalar(value));
  return {
    kind: "project",
    input: { kind: "values", rows: [[]], columns: [] },
    expressions,
    columns: expressions.map(({ type, nullable }) => ({ id: binder.newId(), name: "", type, nullable })),
  };
}

function readRows(plan: Plan, context: StatementContext): Promise<readonly (readonly (string | null)[])[]> {
  const { storage } = context.instance;
  return storage.read(context.session.transaction?.storage, context.signal, async (reader) => {
    const scans = await scanTexts(plan, reader, context);
    try {
      const cells = plan.columns.map(({ id, type }) => encodeForWire(id, type)).join(", ");
      const sql = emitPlan(plan, { scan: (node) => scans.get(node.scanId)! });
      const texts = await reader.texts(`SELECT CAST(to_json([${cells}]) AS VARCHAR) FROM (${sql}) LIMIT 2`);
      return texts.map((text) => JSON.parse(text!) as (string | null)[]);
    } catch (error) {
      throw translateDuckDbError(error);
    }
  });
}

export const unsetVariables: Handler<StatementOf<"unsetVariables">> = async (statement, context) => {
  for (const { name } of statement.names) context.session.variables.delete(name);
  return succeeded(StatementType.SCL);
};
