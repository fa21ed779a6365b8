/**
 * A warehouse in the manner of TPC-DI: a broker's 17 source tables, and 40 dynamic tables over them in four layers, staged,
 * conformed, joined and summed up. Schema and rows are our own.
 */

const n = (rows: number): string =>
  `(select row_number() over (order by 1) as n from table(generator(rowcount => ${rows})))`;
const pick = (salt: string, below: number): string => `mod(abs(hash(n, '${salt}')), ${below})`;

/** Each source with its columns, the expressions of a row by its number `n`, and rows at size 1. */
const SOURCES: Readonly<Record<string, { readonly columns: string; readonly values: string; readonly rows: number }>> =
  {
    status_type: { columns: "st_id varchar, st_name varchar", values: "'S' || n, 'status ' || n", rows: 6 },
    trade_type: {
      columns: "tt_id varchar, tt_name varchar, tt_sell boolean",
      values: "'T' || n, 'type ' || n, mod(n, 2) = 0",
      rows: 5,
    },
    tax_rate: { columns: "tx_id varchar, tx_rate number(6,4)", values: "'X' || n, n / 100", rows: 20 },
    industry: {
      columns: "in_id varchar, in_name varchar, in_sector varchar",
      values: "'I' || n, 'industry ' || n, 'sector ' || mod(n, 4)",
      rows: 12,
    },
    hr: {
      columns: "employee int, manager int, branch varchar, job int",
      values: `n, ${pick("m", 40)}, 'branch ' || ${pick("b", 5)}, 310 + ${pick("j", 6)}`,
      rows: 60,
    },
    company: {
      columns: "cik int, cname varchar, industry varchar, rating varchar, posted date",
      values: `n, 'company ' || n, 'I' || (1 + ${pick("i", 12)}), split_part('AAA|AA|B', '|', 1 + ${pick("r", 3)}), dateadd(day, ${pick("d", 900)}, '2020-01-01'::date)`,
      rows: 80,
    },
    security: {
      columns: "symbol varchar, cik int, issue varchar, shares int, status varchar",
      values: `'SYM' || n, 1 + ${pick("c", 80)}, split_part('COMMON|PREF', '|', 1 + ${pick("i", 2)}), 100 + ${pick("s", 900)}, 'S' || (1 + ${pick("t", 6)})`,
      rows: 120,
    },
    financial: {
      columns: "cik int, fyear int, quarter int, revenue number(14,2), earnings number(14,2)",
      values: `1 + ${pick("c", 80)}, 2020 + ${pick("y", 4)}, 1 + ${pick("q", 4)}, ${pick("r", 100_000)}, ${pick("e", 20_000)} - 5000`,
      rows: 400,
    },
    customer: {
      columns:
        "c_id int, tax_id varchar, cname varchar, tier int, gender varchar, country varchar, tx1 varchar, tx2 varchar, changed timestamp_ntz",
      values: `1 + ${pick("c", 300)}, 'tax' || n, 'customer ' || n, 1 + ${pick("t", 3)}, split_part('f|m|u', '|', 1 + ${pick("g", 3)}), split_part('CA|US|MX', '|', 1 + ${pick("l", 3)}), 'X' || (1 + ${pick("x", 20)}), 'X' || (1 + ${pick("y", 20)}), dateadd(minute, n, '2024-01-01'::timestamp_ntz)`,
      rows: 500,
    },
    account: {
      columns:
        "ca_id int, c_id int, broker int, ca_name varchar, tax_status int, status varchar, changed timestamp_ntz",
      values: `1 + ${pick("a", 400)}, 1 + ${pick("c", 300)}, 1 + ${pick("b", 60)}, 'account ' || n, ${pick("t", 3)}, 'S' || (1 + ${pick("s", 6)}), dateadd(minute, n, '2024-01-01'::timestamp_ntz)`,
      rows: 600,
    },
    trade: {
      columns:
        "t_id int, placed timestamp_ntz, status varchar, tt varchar, cash boolean, symbol varchar, quantity int, bid number(10,2), ca_id int, fee number(8,2), commission number(8,2)",
      values: `n, dateadd(minute, ${pick("d", 40_000)}, '2024-06-01'::timestamp_ntz), 'S' || (1 + ${pick("s", 6)}), 'T' || (1 + ${pick("t", 5)}), mod(n, 3) = 0, 'SYM' || (1 + ${pick("y", 120)}), 1 + ${pick("q", 500)}, ${pick("p", 10_000)} / 100, 1 + ${pick("a", 400)}, ${pick("f", 500)} / 100, ${pick("m", 900)} / 100`,
      rows: 4000,
    },
    trade_history: {
      columns: "t_id int, at timestamp_ntz, status varchar",
      values: `1 + ${pick("t", 4000)}, dateadd(minute, ${pick("d", 40_000)}, '2024-06-01'::timestamp_ntz), 'S' || (1 + ${pick("s", 6)})`,
      rows: 6000,
    },
    cash: {
      columns: "ca_id int, at timestamp_ntz, amount number(12,2), what varchar",
      values: `1 + ${pick("a", 400)}, dateadd(minute, ${pick("d", 40_000)}, '2024-06-01'::timestamp_ntz), ${pick("m", 100_000)} / 100 - 500, 'transfer'`,
      rows: 3000,
    },
    holding: {
      columns: "h_id int, t_id int, before_qty int, after_qty int",
      values: `1 + ${pick("h", 1500)}, 1 + ${pick("t", 4000)}, ${pick("b", 500)}, ${pick("a", 500)}`,
      rows: 3000,
    },
    watch: {
      columns: "c_id int, symbol varchar, at timestamp_ntz, action varchar",
      values: `1 + ${pick("c", 300)}, 'SYM' || (1 + ${pick("s", 120)}), dateadd(minute, ${pick("d", 40_000)}, '2024-06-01'::timestamp_ntz), split_part('ACTV|CNCL', '|', 1 + ${pick("x", 2)})`,
      rows: 2500,
    },
    market: {
      columns: "day date, symbol varchar, close number(10,2), high number(10,2), low number(10,2), volume int",
      values: `dateadd(day, ${pick("d", 60)}, '2024-06-01'::date), 'SYM' || (1 + ${pick("s", 120)}), 10 + ${pick("c", 9000)} / 100, 60 + ${pick("h", 9000)} / 100, ${pick("l", 1000)} / 100, ${pick("v", 100_000)}`,
      rows: 4000,
    },
    prospect: {
      columns: "agency varchar, tax_id varchar, income int, worth int, cards int",
      values: `'A' || n, 'tax' || (1 + ${pick("t", 800)}), ${pick("i", 200_000)}, ${pick("w", 2_000_000)}, ${pick("c", 8)}`,
      rows: 500,
    },
  };

export function warehouseTables(size: number): string[] {
  return Object.entries(SOURCES).flatMap(([name, { columns, values, rows }]) => [
    `create table ${name} (${columns})`,
    `insert into ${name} select ${values} from ${n(Math.max(Math.round(rows * size), 3))}`,
  ]);
}

/** Each dynamic table's query, those that others read first. The last layers have the lag, all others are DOWNSTREAM. */
export const WAREHOUSE: Readonly<Record<string, string>> = {
  stg_hr: "select employee, manager, branch from hr where job = 314 or job = 312",
  stg_company:
    "select c.cik, c.cname, i.in_name, i.in_sector, c.rating, c.posted from company c join industry i on c.industry = i.in_id",
  stg_security:
    "select s.symbol, s.cik, s.issue, s.shares, t.st_name from security s left join status_type t on s.status = t.st_id",
  stg_financial:
    "select cik, fyear, quarter, sum(revenue) as revenue, sum(earnings) as earnings from financial group by cik, fyear, quarter",
  stg_customer:
    "select * from customer qualify row_number() over (partition by c_id order by changed desc, tax_id) = 1",
  stg_account:
    "select * from account qualify row_number() over (partition by ca_id order by changed desc, ca_name) = 1",
  stg_trade:
    "select t.*, y.tt_name, y.tt_sell, s.st_name from trade t join trade_type y on t.tt = y.tt_id left join status_type s on t.status = s.st_id",
  stg_history: "select t_id, min(at) as opened, max(at) as closed, count(*) as steps from trade_history group by t_id",
  stg_cash: "select ca_id, at::date as day, amount, iff(amount < 0, 'out', 'in') as direction from cash",
  stg_holding:
    "select h_id, t_id, before_qty, after_qty, after_qty - before_qty as change from holding where after_qty <> before_qty",
  stg_watch:
    "select c_id, symbol, max(iff(action = 'ACTV', at, null)) as placed, max(iff(action = 'CNCL', at, null)) as removed from watch group by c_id, symbol",
  stg_market:
    "select day, symbol, max(high) as high, min(low) as low, sum(volume) as volume, count(*) as quotes from market group by day, symbol",
  stg_prospect:
    "select tax_id, max(income) as income, max(worth) as worth, count(*) as agencies from prospect group by tax_id",
  stg_tax: "select tx_id, tx_rate, tx_rate > 0.1 as is_high from tax_rate",
  dim_broker: "select employee as broker, branch, manager from stg_hr",
  dim_company:
    "select c.*, f.revenue from stg_company c left join (select cik, sum(revenue) as revenue from stg_financial group by cik) f on c.cik = f.cik",
  dim_security:
    "select s.symbol, s.issue, s.shares, s.st_name, c.cname, c.in_sector from stg_security s join dim_company c on s.cik = c.cik",
  dim_customer:
    "select c.c_id, c.cname, c.tier, c.country, a.tx_rate as national, b.tx_rate as local, p.income, p.worth from stg_customer c left join stg_tax a on c.tx1 = a.tx_id left join stg_tax b on c.tx2 = b.tx_id left join stg_prospect p on c.tax_id = p.tax_id",
  dim_account:
    "select a.ca_id, a.ca_name, a.tax_status, c.c_id, c.tier, c.country, b.branch from stg_account a join dim_customer c on a.c_id = c.c_id left join dim_broker b on a.broker = b.broker",
  dim_trade:
    "select t.t_id, t.placed, t.tt_name, t.tt_sell, t.st_name, t.symbol, t.quantity, t.bid, t.ca_id, t.fee, t.commission, h.opened, h.closed, h.steps from stg_trade t left join stg_history h on t.t_id = h.t_id",
  dim_date: "select distinct day, date_trunc('month', day) as month from stg_market",
  fact_trade:
    "select t.t_id, t.placed::date as day, t.quantity * t.bid as amount, t.fee, t.commission, t.tt_sell, a.ca_id, a.c_id, a.branch, a.country, s.symbol, s.in_sector from dim_trade t join dim_account a on t.ca_id = a.ca_id join dim_security s on t.symbol = s.symbol",
  fact_cash:
    "select ca_id, day, sum(amount) as amount, count_if(direction = 'in') as coming, count_if(direction = 'out') as going from stg_cash group by ca_id, day",
  fact_balance:
    "select ca_id, day, sum(amount) over (partition by ca_id order by day rows between unbounded preceding and current row) as balance from fact_cash",
  fact_holding:
    "select h.h_id, h.change, t.symbol, t.ca_id, t.placed from stg_holding h join dim_trade t on h.t_id = t.t_id",
  fact_watch:
    "select w.c_id, w.symbol, w.placed, w.removed, c.tier, s.in_sector from stg_watch w join dim_customer c on w.c_id = c.c_id join dim_security s on w.symbol = s.symbol",
  fact_market:
    "select m.day, m.symbol, m.high, m.low, m.volume, max(m.high) over (partition by m.symbol) as top, s.cname from stg_market m join dim_security s on m.symbol = s.symbol",
  fact_prospect:
    "select p.tax_id, p.income, p.worth, p.agencies, c.c_id from stg_prospect p left join stg_customer c on p.tax_id = c.tax_id",
  agg_branch:
    "select branch, count(*) as trades, sum(amount) as amount, sum(commission) as commission from fact_trade group by branch",
  agg_sector:
    "select in_sector, tt_sell, sum(amount) as amount, avg(amount) as mean, count(distinct symbol) as symbols from fact_trade group by in_sector, tt_sell",
  agg_country:
    "select country, tier, count(*) as customers, avg(worth) as worth from dim_customer group by country, tier",
  agg_day:
    "select d.month, f.day, sum(f.amount) as amount, min(f.amount) as least, max(f.amount) as most from fact_trade f join dim_date d on f.day = d.day group by d.month, f.day",
  agg_customer:
    "select c_id, count(*) as trades, sum(amount) as amount, max(day) as last_day from fact_trade group by c_id",
  top_customers: "select c_id, amount, rank() over (order by amount desc) as place from agg_customer",
  agg_watch:
    "select in_sector, count(*) as watched, count_if(removed is null) as open from fact_watch group by in_sector",
  agg_holding: "select symbol, sum(change) as held, count(*) as moves from fact_holding group by symbol",
  agg_market: "select symbol, cname, max(top) as top, sum(volume) as volume from fact_market group by symbol, cname",
  overview: "select m.symbol, m.volume, h.held, m.top from agg_market m left join agg_holding h on m.symbol = h.symbol",
  idle_accounts: "select ca_id, ca_name from dim_account where ca_id not in (select ca_id from fact_trade)",
  quality:
    "select 'trades' as what, count(*) as n from fact_trade union all select 'cash', count(*) from fact_cash union all select 'watch', count(*) from fact_watch",
};

/** Tables that nothing here reads have a lag of their own. */
export function isLast(name: string): boolean {
  return !Object.entries(WAREHOUSE).some(([other, query]) => other !== name && new RegExp(`\\b${name}\\b`).test(query));
}

/** What happens to the sources in a cycle. @param cycle counts from 0 */
export function warehouseChanges(cycle: number): string[] {
  const c = cycle + 1;
  const kinds: readonly (readonly string[])[] = [
    [
      `insert into trade select t_id + ${c} * 100000, dateadd(day, 1, placed), status, tt, cash, symbol, quantity + 1, bid, ca_id, fee, commission from trade where mod(t_id, 41) = ${c % 41}`,
      `insert into trade_history select t_id + ${c} * 100000, at, status from trade_history where mod(t_id, 41) = ${c % 41}`,
      `insert into market select dateadd(day, ${c}, day), symbol, close, high + 1, low, volume from market where volume < 3000`,
    ],
    [
      `update account set broker = 1 + mod(broker + 1, 60), changed = dateadd(minute, ${c}, changed) where mod(ca_id, 13) = ${c % 13}`,
      `update customer set tier = 1 + mod(tier, 3) where mod(c_id, 17) = ${c % 17}`,
    ],
    [
      `delete from trade where mod(t_id, 29) = ${c % 29}`,
      `delete from cash where mod(ca_id, 19) = ${c % 19}`,
      "delete from watch where action = 'CNCL' and c_id < 9",
    ],
    [
      "insert overwrite into security select symbol, cik, issue, shares + iff(mod(cik, 9) = 0, 1, 0), status from security",
      "insert overwrite into prospect select agency, tax_id, income + 1, worth, cards from prospect",
    ],
    [
      `merge into holding using (select distinct h_id as k from holding where mod(h_id, 23) = ${c % 23}) on h_id = k
         when matched and before_qty > 250 then delete when matched then update set after_qty = after_qty + 1`,
      "update tax_rate set tx_rate = tx_rate + 0.001 where tx_id in ('X1', 'X7')",
      `insert into cash select ca_id, dateadd(day, ${c}, at), amount, what from cash where amount > 400`,
    ],
  ];
  return [...kinds[cycle % kinds.length]!];
}
