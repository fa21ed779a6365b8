import { request } from "node:http";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import type { Server } from "../bench/statements/clients";

/** Something that means no good. */
export interface Attack {
  readonly name: string;
  /** A statement of an ordinary user's ... */
  readonly sql?: string;
  /** ... or what a stranger sends. @returns what came of it */
  readonly send?: (server: Server) => Promise<string>;
}

const long = (text: string, times: number): string => text.repeat(times);
const list = (count: number, item: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => item(at)).join(", ");

/** Statements. An error by name is as good as an answer; a process that ends, or others who wait, is not. */
const STATEMENTS: readonly (readonly [name: string, sql: string])[] = [
  ["LIKE of many wildcards", `SHOW TABLES LIKE '${long("%a", 60)}%c'`],
  ["STARTS WITH of 100 kB", `SHOW TABLES STARTS WITH '${long("(", 100_000)}'`],
  ["PATTERN that backtracks", "LIST @~ PATTERN = '((a*)*)*b'"],
  ["REGEXP that backtracks", `SELECT REGEXP_LIKE('${long("a", 200)}', '(a*)*b')`],
  ["LIKE that backtracks", `SELECT '${long("a", 2_000)}' LIKE '${long("%a", 200)}%b'`],
  ["10,000 parentheses", `SELECT ${long("(", 10_000)}1${long(")", 10_000)}`],
  ["10,000 NOT", `SELECT ${long("NOT ", 10_000)}TRUE`],
  ["10,000 additions", `SELECT 1${long(" + 1", 10_000)}`],
  ["40 divisions", `SELECT x${long(" / x", 40)} FROM hostile`],
  ["40 nested CASE", `SELECT ${long("CASE x WHEN 1 THEN ", 40)}x${long(" END", 40)} FROM hostile`],
  ["40 nested OBJECT_CONSTRUCT", `SELECT ${long("OBJECT_CONSTRUCT('a', ", 40)}1${long(")", 40)}`],
  ["path of 40 keys", `SELECT v${long(":a", 1)}${long(".a", 40)} FROM hostile`],
  ["40 nested SPLIT_PART", `SELECT ${long("SPLIT_PART(", 40)}'a'${long(", 'b', 1)", 40)}`],
  ["1,000 UNION ALL", Array.from({ length: 1_000 }, (_, at) => `SELECT ${at} AS x`).join(" UNION ALL ")],
  ["CUBE of 12", `SELECT count(*) FROM hostile GROUP BY CUBE (${list(12, (at) => `x + ${at}`)})`],
  ["5,000 UNION ALL", Array.from({ length: 5_000 }, (_, at) => `SELECT ${at} AS x`).join(" UNION ALL ")],
  [
    "200 joins on one key",
    `SELECT count(*) FROM hostile ${list(200, (at) => `JOIN hostile t${at} USING (x)`).replaceAll(",", "")}`,
  ],
  ["128 tables in a list", `SELECT count(*) FROM ${list(128, (at) => `hostile t${at}`)}`],
  ["1,000 ORs of ANDs", `SELECT count(*) FROM hostile WHERE ${long("(x = 1 AND x = 2) OR ", 2_000)} FALSE`],
  ["2,000 aggregates", `SELECT ${list(2_000, (at) => `SUM(x + ${at})`)} FROM hostile`],
  [
    "1,000 WITH",
    `WITH ${list(1_000, (at) => `c${at} AS (SELECT x FROM ${at ? `c${at - 1}` : "hostile"})`)} SELECT * FROM c999`,
  ],
  ["array of 20,000", `SELECT [${list(20_000, String)}]`],
  ["300 derived tables", `SELECT * FROM ${long("(SELECT x + 1 AS x FROM ", 300)}hostile${long(")", 300)}`],
  ["1,000 columns by windows", `SELECT ${list(1_000, (at) => `SUM(x) OVER (ORDER BY x + ${at})`)} FROM hostile`],
  ["text of 30 MB", `SELECT LENGTH('${long("x", 30_000_000)}')`],
  ["IN of 5,000 rows", `SELECT (1, 2) IN (${list(5_000, (at) => `(${at}, ${at})`)})`],
  ["loop that never ends", "BEGIN WHILE (TRUE) DO NULL; END WHILE; END"],
  ["patterns over long texts", "SELECT REGEXP_COUNT(REPEAT('ab1', 1000000), '(a|b|[0-9])+x')"],
  ["IN of 20,000", `SELECT 1 IN (${list(20_000, String)})`],
  ["INSERT of 20,000 rows", `INSERT INTO hostile (x) VALUES ${list(20_000, (at) => `(${at})`)}`],
  [
    "product of two millions",
    "SELECT count(*) FROM TABLE(GENERATOR(ROWCOUNT => 1000000)) a, TABLE(GENERATOR(ROWCOUNT => 1000000)) b",
  ],
  ["sort of 50 million", "SELECT uuid_string() AS u FROM TABLE(GENERATOR(ROWCOUNT => 50000000)) ORDER BY u LIMIT 1"],
  ["result of 2 million rows", "SELECT seq8(), uuid_string() FROM TABLE(GENERATOR(ROWCOUNT => 2000000))"],
  ["REPEAT of 1 GB", "SELECT LENGTH(REPEAT('x', 1000000000))"],
  ["array of a billion", "SELECT ARRAY_SIZE(ARRAY_GENERATE_RANGE(0, 1000000000))"],
  ["EDITDISTANCE of 100 kB", `SELECT EDITDISTANCE('${long("ab", 50_000)}', '${long("ba", 50_000)}')`],
  ["JSON of depth 10,000", `SELECT PARSE_JSON('${long("[", 10_000)}${long("]", 10_000)}')`],
  ["endless recursion", "WITH RECURSIVE r AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM r) SELECT count(*) FROM r"],
  ["LISTAGG of 10 million", "SELECT LENGTH(LISTAGG(seq4(), ',')) FROM TABLE(GENERATOR(ROWCOUNT => 10000000))"],
  ["NUL", "SELECT '\0' AS \"\0\""],
  ["text that never ends", `SELECT '${long("x", 100_000)}`],
  ["comment that never ends", `SELECT /* ${long("/* ", 20_000)}`],
  ["a quote for each character", `SELECT ${long('"', 50_001)}`],
  ["stage of quotes", `LIST @${long('"', 101)}%`],
  ["CRON of blanks", `CREATE TASK hostile_task SCHEDULE = 'USING CRON ${long(" ", 50_000)}' AS SELECT 1`],
  [
    "target lag of digits",
    `CREATE DYNAMIC TABLE hostile_dt TARGET_LAG = '${long("1", 50_000)} x' WAREHOUSE = wh AS SELECT 1 AS x`,
  ],
  ["files of the computer", "SELECT * FROM read_csv('/etc/passwd')"],
  ["settings of DuckDB", "SET memory_limit = '100GB'"],
];

/** One request of a stranger's, byte for byte. @returns its status */
function post(
  server: Server,
  path: string,
  body: Buffer | string,
  headers: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve) => {
    const call = request(
      { host: "127.0.0.1", port: server.port, path, method: "POST", headers, agent: false },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve(`HTTP ${answer.statusCode}`));
      },
    );
    call.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    call.end(body);
  });
}

function bytes(server: Server, text: string, milliseconds: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () => void socket.write(text));
    let answer = "";
    socket.on("data", (part: Buffer) => (answer += part.toString()));
    socket.on("error", () => undefined);
    const end = (): void => {
      socket.destroy();
      resolve(answer.split("\r\n")[0] || "no answer");
    };
    socket.on("close", end);
    setTimeout(end, milliseconds);
  });
}

const LOGIN = "/session/v1/login-request";

/** Made before anything is measured: the client is the same process. */
const LARGE = Buffer.alloc(50 * 1024 * 1024, "x");
const PACKED_BRACKETS = gzipSync(Buffer.alloc(60 * 1024 * 1024, "["));
const PACKED_BLANKS = gzipSync(Buffer.alloc(60 * 1024 * 1024, " "));

const REQUESTS: readonly Attack[] = [
  { name: "GET //", send: (server) => bytes(server, "GET // HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 300) },
  { name: "no HTTP", send: (server) => bytes(server, "\0\0\0\0\r\n\r\n", 300) },
  {
    name: "login of 60 MB in 60 kB",
    send: (server) => post(server, LOGIN, PACKED_BRACKETS, { "Content-Encoding": "gzip" }),
  },
  { name: "login of 50 MB", send: (server) => post(server, LOGIN, LARGE) },
  {
    name: "statement of 60 MB without a login",
    send: (server) =>
      post(server, "/queries/v1/query-request", PACKED_BLANKS, {
        "Content-Encoding": "gzip",
        Authorization: 'Snowflake Token="guess"',
      }),
  },
  ...(
    [
      ["JSON of brackets", long("[", 200_000)],
      ["JSON of depth 20,000", `${long('{"data":', 20_000)}1${long("}", 20_000)}`],
      [
        "JSON with __proto__",
        '{"data": {"__proto__": {"LOGIN_NAME": "ADMIN"}, "LOGIN_NAME": {"a": 1}, "PASSWORD": [1]}}',
      ],
      ["JSON of a number", "1e400"],
      ["JSON cut short", '{"data": {"LOGIN_NAME": "A'],
      ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
    ] as const
  ).map(([name, body]): Attack => ({ name: `login: ${name}`, send: (server) => post(server, LOGIN, body) })),
  {
    name: "header of 1 MB",
    send: (server) => post(server, LOGIN, "{}", { "X-Long": long("x", 1024 * 1024) }),
  },
  {
    name: "chunked body of one byte, then silence",
    send: (server) =>
      bytes(server, `POST ${LOGIN} HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, 500),
  },
  {
    name: "two lengths of one body",
    send: (server) =>
      bytes(
        server,
        `POST ${LOGIN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\n{}`,
        300,
      ),
  },
  {
    name: "address of 60 kB",
    send: (server) => bytes(server, `GET /${long("%2e%2e/", 8_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`, 300),
  },
  {
    name: "100 wrong passwords at once",
    send: async (server) => {
      const body = JSON.stringify({ data: { LOGIN_NAME: "NOBODY", PASSWORD: "guess" } });
      const answers = await Promise.all(Array.from({ length: 100 }, () => post(server, LOGIN, body)));
      return answers[0]!;
    },
  },
  {
    name: "2,000 connections that say nothing",
    send: async (server) => {
      await Promise.all(Array.from({ length: 2_000 }, () => bytes(server, "GET /heal", 1_500)));
      return "closed";
    },
  },
];

export const ATTACKS: readonly Attack[] = [...STATEMENTS.map(([name, sql]) => ({ name, sql })), ...REQUESTS];
