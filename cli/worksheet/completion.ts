import type { Connection } from "snowflake-sdk";
import type { WorkshopNames } from "../../components/naming";
import { executeStatement, type StatementResult } from "./execute";

/** Words that begin statements and clauses, as people type them most. */
const KEYWORDS = `ALERT ALTER AND AS BEGIN BETWEEN BY CALL CASE CHANGES CLONE COMMIT COUNT CREATE
CURRENT_TIMESTAMP DATABASE DELETE FROM DESCRIBE DISTINCT DROP DYNAMIC TABLE ELSE END EXECUTE EXISTS FALSE FLATTEN GRANT
GROUP HAVING IF IN INFORMATION_SCHEMA INNER INSERT INTO IS JOIN LEFT LIKE LIMIT MERGE NOT NULL ON OR ORDER PIVOT QUALIFY
REFRESH REPLACE RESULT_SCAN RESUME REVOKE ROLE ROLLBACK SCHEMA SELECT SESSION SET SHOW STREAM SUSPEND TARGET_LAG TASK THEN TO TRUE TRUNCATE
UNDROP UNION UPDATE USE USING VALUES VIEW WAREHOUSE WHEN WHERE WITH`.split(/\s+/);

/** Statements after which there may be other names. */
const CHANGES_NAMES = /^\s*(create|alter|drop|undrop|use)\b/i;

const PLAIN_NAME = /^[A-Z_][A-Z0-9_$]*$/;

/** Names that can be typed after each other: databases, schemas, objects and columns of the stack, and keywords. */
export class Completion {
  private names: readonly string[] = KEYWORDS;
  private columns: readonly string[] = [];

  /**
   * @param names of the stack: whose databases are looked into
   */
  constructor(
    private readonly connection: Connection,
    private readonly stack: WorkshopNames,
  ) {}

  /** Reads the names by SHOW, which needs no warehouse. What cannot be shown is left out. */
  async load(): Promise<void> {
    const { analyticsDatabase, analyticsSchema, rawDatabase, rawSchema } = this.stack;
    const show = async (statement: string): Promise<StatementResult> =>
      executeStatement(this.connection, statement).catch(() => ({ columns: [], rows: [], total: 0 }));
    const databases = [analyticsDatabase, rawDatabase];
    const [objects, schemas, columns] = [
      await Promise.all(databases.map((database) => show(`SHOW OBJECTS IN DATABASE ${database}`))),
      await Promise.all(databases.map((database) => show(`SHOW SCHEMAS IN DATABASE ${database}`))),
      await Promise.all(
        [`${analyticsDatabase}.${analyticsSchema}`, `${rawDatabase}.${rawSchema}`].map((schema) =>
          show(`SHOW COLUMNS IN SCHEMA ${schema}`),
        ),
      ),
    ];
    const paths = [
      ...databases.map((database) => [database]),
      ...schemas.flatMap((result) => pick(result, ["database_name", "name"])),
      ...objects.flatMap((result) => pick(result, ["database_name", "schema_name", "name"])),
    ];
    // A schema of the current database, and an object of the current schema, go by their last names as well.
    const short = paths.flatMap((path) => path.map((_, i) => path.slice(i).map(quotedWhereNeeded).join(".")));
    this.names = [...new Set([...KEYWORDS, ...short])].sort();
    this.columns = [...new Set(columns.flatMap((result) => pick(result, ["column_name"]).map(([name]) => name!)))]
      .map(quotedWhereNeeded)
      .sort();
  }

  /** Whether names may have changed by a statement. */
  static isNeededAfter(statement: string): boolean {
    return CHANGES_NAMES.test(statement);
  }

  /**
   * What may follow at a line's end, for node:readline: whole words, and the part of the line that they replace.
   * Lower-case input gets lower-case words. After `alias.` come columns.
   */
  readonly complete = (line: string): [string[], string] => {
    const typed = /[\w$."]*$/.exec(line)![0];
    const wanted = typed.toUpperCase();
    const qualifier = /^(.*\.)[^.]*$/.exec(typed)?.[1] ?? "";
    const named = this.names.filter((name) => name.startsWith(wanted));
    const ofColumns = this.columns
      .filter((column) => column.startsWith(wanted.slice(qualifier.length)))
      .map((column) => qualifier + column);
    const found = qualifier && named.length > 0 ? named : [...named, ...ofColumns];
    const isLower = /[a-z]/.test(typed) && !/[A-Z]/.test(typed);
    const hits = [...new Set(found)].map((name) => (isLower && !name.includes('"') ? name.toLowerCase() : name));
    return [hits, typed];
  };
}

/** The named columns of a result, row by row; of SHOW in lower case. */
function pick({ columns, rows }: StatementResult, names: readonly string[]): string[][] {
  const places = names.map((name) => columns.findIndex((column) => column.name === name));
  if (places.includes(-1)) return [];
  return rows.map((row) => places.map((place) => row[place] ?? "")).filter((path) => !path.includes(""));
}

function quotedWhereNeeded(name: string): string {
  return PLAIN_NAME.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
