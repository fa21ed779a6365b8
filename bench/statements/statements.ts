/** A kind of statement that is measured. */
export interface Measured {
  readonly name: string;
  /** The statement of run number `at`, in words that Snowflake and DuckDB both understand. */
  readonly text: (at: number) => string;
  /** Where DuckDB says it otherwise. */
  readonly duckdb?: (at: number) => string;
  /** Most milliseconds (p50) that snowglobe may take more than DuckDB; for SHOW, at all. */
  readonly budget: number;
  readonly repeats: number;
  /** fakesnow does not know it, or not rightly. */
  readonly alone?: boolean;
}

/** Rows of the table that is read. */
const ROWS = 10_000;
/** Tables beside which one is looked for. */
export const NEIGHBOURS = 2_000;

/** Makes what the statements read. */
export const PREPARATION: readonly string[] = [
  "create table people (id int, city varchar, amount decimal(12, 2))",
  `insert into people select seq, 'city ' || (seq % 100), seq * 0.5
     from (select row_number() over (order by 1) - 1 as seq from ${tenThousand()})`,
  "create table sink (id int, name varchar)",
];

/** 10,000 rows without a function of either dialect. */
function tenThousand(): string {
  const ten = `(select * from (values ${Array.from({ length: 10 }, (_, at) => `(${at})`).join(", ")}) as t(x))`;
  return `${ten} a, ${ten} b, ${ten} c, ${ten} d`;
}

export const STATEMENTS: readonly Measured[] = [
  { name: "select 1", text: () => "select 1", budget: 1, repeats: 400 },
  {
    name: "point select",
    text: (at) => `select id, city, amount from people where id = ${(at * 7919) % ROWS}`,
    budget: 1,
    repeats: 300,
  },
  {
    name: "point select, same text",
    text: () => "select id, city, amount from people where id = 4711",
    budget: 1,
    repeats: 300,
  },
  {
    name: "aggregate",
    text: () => "select city, count(*) as n, sum(amount) as s from people group by city order by city limit 10",
    budget: 1.5,
    repeats: 200,
  },
  { name: "one-row insert", text: (at) => `insert into sink values (${at}, 'name ${at}')`, budget: 1.5, repeats: 200 },
  {
    name: "create table",
    text: (at) => `create table made_${at} (id int, name varchar(20))`,
    budget: 2.5,
    repeats: 100,
  },
  {
    name: `show tables like one of ${NEIGHBOURS.toLocaleString("en")}`,
    text: (at) => `show tables like 'neighbour_${at}'`,
    budget: 3,
    repeats: 100,
    alone: true,
  },
];
