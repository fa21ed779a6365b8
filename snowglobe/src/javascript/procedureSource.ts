/**
 * Code of the engine's own for procedures: the object `snowflake` and what it gives. All of it stands on `ask(json)`, which
 * has the server run a statement and answers when that has ended. Source: "JavaScript stored procedures API".
 */
export const PROCEDURE_SOURCE = `
class SfDate extends Date {
  constructor(value, detail = {}) {
    super(value);
    const nanos = detail.nanos ?? (((this.getTime() % 1000) + 1000) % 1000) * 1e6;
    Object.defineProperty(this, "detail", { value: { scale: 9, offset: 0, ...detail, nanos }, enumerable: false });
  }
  getEpochSeconds() { return Math.floor(this.getTime() / 1000); }
  getNanoSeconds() { return this.detail.nanos; }
  getScale() { return this.detail.scale; }
  getTimezone() { return this.detail.offset; }
  toString() { return this.detail.text ?? super.toString(); }
}
globalThis.SfDate = SfDate;
const IS_KIND = {
  isColumnText: ["VARCHAR"], isColumnArray: ["ARRAY"], isColumnBinary: ["BINARY"], isColumnBoolean: ["BOOLEAN"],
  isColumnDate: ["DATE"], isColumnNumber: ["NUMBER", "FLOAT"], isColumnObject: ["OBJECT"], isColumnTime: ["TIME"],
  isColumnTimestamp: ["TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"], isColumnVariant: ["VARIANT"],
};
const JS_TYPES = { N: "number", B: "boolean", S: "string", D: "date", T: "SfDate", X: "Uint8Array", V: "JSON" };
const valueOf = ({ kind, scale }, cell) => {
  if (cell === null) return null;
  if (kind === "B") return cell === "true";
  if (kind !== "T") return fromSql(kind, cell);
  const [millis, nanos, offset, text] = JSON.parse(cell);
  return new SfDate(millis, { nanos, offset, scale, text });
};
const bindOf = (value) => {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "string" || typeof value === "boolean") return value;
  if (value instanceof Date) return { time: value.getTime(), nanos: value instanceof SfDate ? value.getNanoSeconds() : null };
  throw new Error("Invalid binds argument: " + value + ". Error: Unsupported type for binding argument.");
};
class Columns {
  constructor(columns) { this.columns = columns; }
  at(column) {
    const index = typeof column === "number" ? column - 1 : this.columns.findIndex(({ name }) => name === column);
    if (!this.columns[index]) throw new Error("Given column name/index does not exist: " + column);
    return index;
  }
}
const addColumnMethods = (prototype) => {
  Object.assign(prototype, {
    getColumnCount() { return this.result().columns.columns.length; },
    getColumnName(at) { return this.column(at).name; },
    getColumnScale(at) { return this.column(at).scale; },
    getColumnSqlType(at) { return this.column(at).type; },
    getColumnType(at) { return JS_TYPES[this.column(at).kind]; },
    isColumnNullable(at) { return this.column(at).nullable; },
    column(at) { const { columns } = this.result(); return columns.columns[columns.at(at)]; },
    getNumRowsAffected() { const c = this.result().counts; return c.inserted + c.updated + c.deleted; },
    getNumRowsInserted() { return this.result().counts.inserted; },
    getNumRowsUpdated() { return this.result().counts.updated; },
    getNumRowsDeleted() { return this.result().counts.deleted; },
    getNumDuplicateRowsUpdated() { return this.result().counts.duplicates; },
    getRowCount() { return this.result().rows.length; },
    getQueryId() { return this.result().queryId; },
  });
  for (const [method, kinds] of Object.entries(IS_KIND)) {
    prototype[method] = function (at) { return kinds.includes(this.column(at).type); };
  }
};
class ResultSet {
  #answer;
  #place = -1;
  constructor(answer) {
    this.#answer = answer;
    for (const { name } of answer.columns.columns) {
      if (!(name in this)) Object.defineProperty(this, name, { get: () => this.getColumnValue(name), configurable: true });
    }
  }
  result() { return this.#answer; }
  next() {
    if (this.#place < this.#answer.rows.length) this.#place++;
    return this.#place < this.#answer.rows.length;
  }
  #cell(at) {
    const row = this.#answer.rows[this.#place];
    if (!row) throw new Error("ResultSet is empty or not prepared, call next() first");
    const index = this.#answer.columns.at(at);
    return [this.#answer.columns.columns[index], row[index]];
  }
  getColumnValue(at) { return valueOf(...this.#cell(at)); }
  getColumnValueAsString(at) {
    const [column, cell] = this.#cell(at);
    if (cell === null) return null;
    return column.kind === "T" ? JSON.parse(cell)[3] : column.kind === "D" ? column.texts[this.#place] : cell;
  }
}
addColumnMethods(ResultSet.prototype);
class Statement {
  #command;
  #answer;
  constructor(command) {
    const { sqlText, binds = [] } = typeof command === "string" ? { sqlText: command } : (command ?? {});
    if (typeof sqlText !== "string" || sqlText.trim() === "") throw new Error("sqlText is missing or empty");
    this.#command = { sqlText, binds: binds.map(bindOf) };
  }
  execute() {
    const answer = JSON.parse(ask(JSON.stringify(this.#command)));
    if (answer.error) {
      const { message, code, state } = answer.error;
      throw Object.assign(new Error(message), { code, state, stackTraceTxt: "" });
    }
    this.#answer = { ...answer, columns: new Columns(answer.columns) };
    return new ResultSet(this.#answer);
  }
  result() {
    if (!this.#answer) throw new Error("Statement is not executed yet.");
    return this.#answer;
  }
  getSqlText() { return this.#command.sqlText; }
}
addColumnMethods(Statement.prototype);
const notDone = (name) => () => { throw new Error("Unsupported feature 'snowflake." + name + "'."); };
globalThis.snowflake = Object.freeze({
  createStatement: (command) => new Statement(command),
  execute: (command) => new Statement(command).execute(),
  addEvent: notDone("addEvent"),
  log: notDone("log"),
  setSpanAttribute: notDone("setSpanAttribute"),
});
`;
