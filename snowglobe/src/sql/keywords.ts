/**
 * Words that cannot be identifiers unless quoted. Source: "Reserved & limited keywords", the words "reserved by ANSI" or
 * "reserved by Snowflake".
 */
export const RESERVED: ReadonlySet<string> = new Set(
  `ALL ALTER AND ANY AS BETWEEN BY CHECK COLUMN CONNECT CREATE CURRENT DELETE DISTINCT DROP ELSE EXISTS FOLLOWING FOR FROM
  GRANT GROUP HAVING ILIKE IN INCREMENT INSERT INTERSECT INTO IS LIKE MINUS NOT NULL OF ON OR ORDER QUALIFY REGEXP REVOKE
  RLIKE ROW ROWS SAMPLE SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER UNION UNIQUE UPDATE VALUES WHENEVER WHERE
  WITH`.split(/\s+/),
);

/** Words that cannot be column references in a scalar expression. Source: the same page. */
export const NOT_IN_EXPRESSIONS: ReadonlySet<string> = new Set(["CASE", "CAST", "FALSE", "TRUE", "TRY_CAST", "WHEN"]);

/** Words that cannot be column names: they are calls without parentheses. Source: the same page. */
export const CALLS_WITHOUT_PARENTHESES: ReadonlySet<string> = new Set([
  "CURRENT_DATE",
  "CURRENT_TIME",
  "CURRENT_TIMESTAMP",
  "CURRENT_USER",
  "LOCALTIME",
  "LOCALTIMESTAMP",
]);

/** Words that cannot be table names or aliases in FROM. Source: the same page. */
export const NOT_IN_FROM: ReadonlySet<string> = new Set(
  "CROSS FULL INNER JOIN LATERAL LEFT NATURAL RIGHT USING".split(" "),
);

/** Reserved words that are also names of functions: a parenthesis after them makes a call. */
export const RESERVED_FUNCTIONS: ReadonlySet<string> = new Set(["INSERT", "LIKE", "ILIKE", "RLIKE", "REGEXP"]);
/** Not reserved, but after an expression they begin a clause and so are no alias without AS. */
export const NOT_A_COLUMN_ALIAS: ReadonlySet<string> = new Set(["EXCEPT", "FETCH", "LIMIT", "OFFSET", "WHEN"]);

/** The same after a table. AT, BEFORE, CHANGES, PIVOT, UNPIVOT and MATCH_RECOGNIZE begin a clause before a parenthesis only. */
export const NOT_A_TABLE_ALIAS: ReadonlySet<string> = new Set([
  ...NOT_IN_FROM,
  ...NOT_A_COLUMN_ALIAS,
  "ASOF",
  "MATCH_CONDITION",
  "OUTER",
  "WINDOW",
]);
export const CLAUSE_BEFORE_PARENTHESIS: ReadonlySet<string> = new Set([
  "AT",
  "BEFORE",
  "CHANGES",
  "MATCH_RECOGNIZE",
  "PIVOT",
  "RESAMPLE",
  "UNPIVOT",
]);
