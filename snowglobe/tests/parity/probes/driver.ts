import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type snowflake from "snowflake-sdk";
import type { NodeClient, Outcome } from "../../server/nodeDriver";
import { probe, type Cell, type Section } from "../probe";

/** What JavaScript gets: kind and value of the first cell. */
const asValue = async (client: NodeClient, sql: string): Promise<Cell> => {
  const [row] = (await client.execute(sql)).rows;
  const cell = Object.values(row!)[0];
  if (cell instanceof Date) return `Date ${cell.toISOString()}`;
  return cell === null
    ? "null"
    : `${typeof cell} ${Buffer.isBuffer(cell) ? cell.toString("hex") : JSON.stringify(cell)}`;
};

const withBinds =
  (...binds: snowflake.Bind[]) =>
  async (client: NodeClient, sql: string): Promise<Cell> =>
    firstCell(await client.execute(sql, { binds }));

function firstCell({ rows }: Outcome): Cell {
  const cell = Object.values(rows[0]!)[0];
  return cell === null ? null : String(cell);
}

/** Waits for the end of a statement that was sent with asyncExec. */
async function laterResult(client: NodeClient, sql: string): Promise<Cell> {
  const { statement } = await client.execute(sql, { asyncExec: true });
  const later = await client.connection.getResultsFromQueryId({ queryId: statement.getQueryId(), sqlText: "" });
  return new Promise((resolve, reject) => {
    let cell: Cell = null;
    later
      .streamRows()
      .on("error", reject)
      .on("data", (row: Record<string, unknown>) => void (cell = String(Object.values(row)[0])))
      .on("end", () => resolve(cell));
  });
}

/** The last result of statements sent in one request; the driver calls back once for each. */
function lastOfSeveral(client: NodeClient, sql: string): Promise<Cell> {
  return new Promise((resolve, reject) => {
    client.connection.execute({
      sqlText: sql,
      parameters: { MULTI_STATEMENT_COUNT: sql.split("; ").length },
      complete: (error, statement, rows) => {
        // Not in the driver's types.
        const several = statement as unknown as { hasNext(): boolean; NextResult(): void };
        if (error) reject(error);
        else if (several.hasNext()) several.NextResult();
        else resolve(String(Object.values((rows as Record<string, unknown>[])[0]!)[0]));
      },
    });
  });
}

/** Runs statements over a file in a folder that is gone afterwards; `$FOLDER` in them is that folder. */
async function withFolder(client: NodeClient, sql: string): Promise<Cell> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "parity-"));
  try {
    await mkdir(path.join(folder, "got"));
    await writeFile(path.join(folder, "loans.csv"), "1,one\n2,two\n");
    let last: Outcome | undefined;
    for (const one of sql.split("; ")) last = await client.execute(one.replaceAll("$FOLDER", folder));
    const got = await readFile(path.join(folder, "got", "loans.csv"), "utf8").catch(() => undefined);
    return got === undefined ? firstCell(last!) : JSON.stringify(got);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const driver: Section = {
  title: "Drivers: snowflake-sdk",
  page: "Node.js Driver",
  before: [
    "create table t (id int, v varchar)",
    "create stage st",
    "create table big as select seq4() as n from table(generator(rowcount => 200000))",
  ],
  probes: [
    probe("a number", "select 1.5", "number 1.5", { by: asValue }),
    probe("a boolean", "select 1 = 1", "boolean true", { by: asValue }),
    probe("a date", "select '2024-03-10'::date", "Date 2024-03-10T00:00:00.000Z", { by: asValue }),
    probe(
      "a timestamp with an offset",
      "select '2024-03-10 12:00:00 +0200'::timestamp_tz",
      "Date 2024-03-10T10:00:00.000Z",
      { by: asValue },
    ),
    probe("an object", "select object_construct('a', array_construct(1, 'x'))", 'object {"a":[1,"x"]}', {
      by: asValue,
    }),
    probe("binary", "select to_binary('SNOW', 'utf-8')", "object 534e4f57", { by: asValue }),
    probe("NULL", "select null::date", "null", { by: asValue }),
    probe(
      "a number beyond JavaScript's, as text",
      "select 12345678901234567890123",
      'string "12345678901234567890123"',
      {
        by: async (client, sql) => {
          const { rows } = await client.execute(sql, { fetchAsString: ["Number"] });
          return `string ${JSON.stringify(Object.values(rows[0]!)[0])}`;
        },
      },
    ),
    probe("bind variables", "select ? + ? || ? || ?::boolean", "3xtrue", { by: withBinds(1, 2, "x", true) }),
    probe("numbered bind variables", "select :2 || :1", "ba", { by: withBinds("a", "b") }),
    probe("array binds", "insert into t values (?, ?)", "3", {
      by: async (client, sql) => {
        const { statement } = await client.execute(sql, {
          binds: [
            [1, "a"],
            [2, "b"],
            [3, "c"],
          ],
        });
        return String(statement.getNumUpdatedRows());
      },
    }),
    probe("the number of changed rows", "update t set v = 'z' where id > 1", "2", {
      by: async (client, sql) => String((await client.execute(sql)).statement.getNumUpdatedRows()),
    }),
    probe("types of columns", "select id, v from t", "ID fixed(38,0), V text", {
      by: async (client, sql) => {
        const columns = (await client.execute(sql)).statement.getColumns() ?? [];
        return columns
          .map((column) => {
            const digits = column.getType() === "fixed" ? `(${column.getPrecision()},${column.getScale()})` : "";
            return `${column.getName()} ${column.getType()}${digits}`;
          })
          .join(", ");
      },
    }),
    probe("a result of several chunks", "select n from big", "200000 rows, sum 19999900000", {
      by: async (client, sql) => {
        const { rows } = await client.execute(sql);
        return `${rows.length} rows, sum ${rows.reduce((sum, row) => sum + Number(row.N), 0)}`;
      },
    }),
    probe("a result that is asked for later", "select count(*) from big", "200000", { by: laterResult }),
    probe(
      "several statements in one request",
      "insert into t values (9, 'i'); select count(*) from t where id = 9",
      "1",
      {
        by: lastOfSeveral,
      },
    ),
    probe(
      "PUT, COPY INTO",
      "put file://$FOLDER/loans.csv @st; copy into t from @st; select count(*) from t where v in ('one', 'two')",
      "2",
      { by: withFolder },
    ),
    probe(
      "GET",
      "put file://$FOLDER/loans.csv @st/plain auto_compress = false; get @st/plain file://$FOLDER/got",
      '"1,one\\n2,two\\n"',
      { by: withFolder },
    ),
    probe("an error's code and state", "select * from not_there", "002003 42S02", {
      by: async (client, sql) => {
        try {
          await client.execute(sql);
        } catch (error) {
          const { code, sqlState } = error as { readonly code: string; readonly sqlState: string };
          return `${code} ${sqlState}`;
        }
        return null;
      },
    }),
  ],
};
