/**
 * Tables and queries like those of TPC-H: the benchmark's schema and its 22 questions in our own words, without ORDER BY
 * and LIMIT, which a dynamic table does not keep. Rows come from hashes of their numbers, so they are the same everywhere.
 */

/** Rows at scale 1. */
const SIZES = { supplier: 10_000, part: 200_000, customer: 150_000, orders: 1_500_000 } as const;

/** Line items of an order at most, and places of a part. */
const LINES = 7;
const PLACES = 4;

const pick = (number: string, salt: string, below: number): string => `mod(abs(hash(${number}, '${salt}')), ${below})`;
const word = (number: string, salt: string, words: readonly string[]): string =>
  `split_part('${words.join("|")}', '|', 1 + ${pick(number, salt, words.length)})`;
const money = (number: string, salt: string, below: number): string =>
  `(${pick(number, salt, below * 100)} / 100)::number(12,2)`;
const day = (number: string, salt: string, days: number): string =>
  `dateadd(day, ${pick(number, salt, days)}, '1992-01-01'::date)`;

const REGIONS = ["AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST"];
const SEGMENTS = ["AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"];
const PRIORITIES = ["1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"];
const MODES = ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"];
const INSTRUCTIONS = ["COLLECT COD", "DELIVER IN PERSON", "NONE", "TAKE BACK RETURN"];
const CONTAINERS = ["SM CASE", "SM BOX", "MED BAG", "MED BOX", "LG CASE", "LG BOX", "JUMBO PKG", "WRAP JAR"];
const TYPES = ["ECONOMY ANODIZED STEEL", "STANDARD POLISHED TIN", "PROMO BURNISHED COPPER", "SMALL PLATED BRASS"];
const COLOURS = ["almond", "forest", "green", "ivory", "linen", "metallic", "navy", "rose"];

/** DDL of the eight tables. Keys are RELY: what is overwritten as it was is no change. */
export const TPCH_TABLES: readonly string[] = [
  "create table region (r_regionkey int primary key rely, r_name varchar)",
  "create table nation (n_nationkey int primary key rely, n_name varchar, n_regionkey int)",
  "create table supplier (s_suppkey int primary key rely, s_name varchar, s_nationkey int, s_acctbal number(12,2), s_comment varchar)",
  "create table part (p_partkey int primary key rely, p_name varchar, p_mfgr varchar, p_brand varchar, p_type varchar, p_size int, p_container varchar, p_retailprice number(12,2))",
  "create table partsupp (ps_partkey int, ps_suppkey int, ps_availqty int, ps_supplycost number(12,2))",
  "create table customer (c_custkey int primary key rely, c_name varchar, c_nationkey int, c_phone varchar, c_acctbal number(12,2), c_mktsegment varchar)",
  "create table orders (o_orderkey int, o_custkey int, o_orderstatus varchar, o_totalprice number(12,2), o_orderdate date, o_orderpriority varchar, o_shippriority int, o_comment varchar)",
  "create table lineitem (l_orderkey int, l_partkey int, l_suppkey int, l_linenumber int, l_quantity number(12,2), l_extendedprice number(12,2), l_discount number(12,2), l_tax number(12,2), l_returnflag varchar, l_linestatus varchar, l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct varchar, l_shipmode varchar)",
];

interface Counts {
  readonly suppliers: number;
  readonly parts: number;
  readonly customers: number;
  readonly orders: number;
}

function counts(scale: number): Counts {
  const of = (size: number): number => Math.max(Math.round(size * scale), 10);
  return {
    suppliers: of(SIZES.supplier),
    parts: of(SIZES.part),
    customers: of(SIZES.customer),
    orders: of(SIZES.orders),
  };
}

const numbers = (from: number, count: number): string =>
  `(select ${from} + row_number() over (order by 1) as n from table(generator(rowcount => ${count})))`;

/** Inserts orders with numbers from `from` + 1 on, and their line items. */
function newOrders(from: number, count: number, { customers, parts, suppliers }: Counts): string[] {
  return [
    `insert into orders select n, 1 + ${pick("n", "c", customers)}, ${word("n", "s", ["F", "O", "P"])}, ${money("n", "t", 400_000)},
       ${day("n", "d", 2400)}, ${word("n", "p", PRIORITIES)}, 0, iff(${pick("n", "q", 20)} = 0, 'special requests', 'none') from ${numbers(from, count)}`,
    `insert into lineitem select n, 1 + ${pick("n * 10 + l", "p", parts)}, 1 + ${pick("n * 10 + l", "s", suppliers)}, l,
       1 + ${pick("n * 10 + l", "q", 50)}, ${money("n * 10 + l", "e", 90_000)}, ${pick("n * 10 + l", "d", 11)} / 100, ${pick("n * 10 + l", "x", 9)} / 100,
       ${word("n * 10 + l", "r", ["A", "N", "R"])}, ${word("n * 10 + l", "l", ["F", "O"])}, ${day("n * 10 + l", "sd", 2500)},
       ${day("n * 10 + l", "cd", 2500)}, ${day("n * 10 + l", "rd", 2500)}, ${word("n * 10 + l", "i", INSTRUCTIONS)}, ${word("n * 10 + l", "m", MODES)}
     from ${numbers(from, count)} join (select column1 as l from values ${Array.from({ length: LINES }, (_, i) => `(${i + 1})`).join(", ")})
       on l <= 1 + ${pick("n", "lines", LINES)}`,
  ];
}

/** Fills the tables. @param scale 1 would be TPC-H's 8.7 million rows */
export function tpchRows(scale: number): string[] {
  const all = counts(scale);
  const { suppliers, parts, customers } = all;
  return [
    `insert into region select seq, name from (select index as seq, value::varchar as name from table(flatten(parse_json('${JSON.stringify(REGIONS)}'))))`,
    `insert into nation select n - 1, iff(n = 8, 'GERMANY', iff(n = 7, 'FRANCE', iff(n = 21, 'SAUDI ARABIA', iff(n = 3, 'BRAZIL', iff(n = 4, 'CANADA', 'NATION ' || n))))), mod(n - 1, 5) from ${numbers(0, 25)}`,
    `insert into supplier select n, 'Supplier ' || n, ${pick("n", "n", 25)}, ${money("n", "b", 10_000)} - 1000, iff(${pick("n", "x", 10)} = 0, 'Customer Complaints', 'none') from ${numbers(0, suppliers)}`,
    `insert into part select n, ${word("n", "a", COLOURS)} || ' ' || ${word("n", "b", COLOURS)}, 'Manufacturer#' || (1 + ${pick("n", "m", 5)}),
       'Brand#' || (1 + ${pick("n", "m", 5)}) || (1 + ${pick("n", "br", 5)}), ${word("n", "t", TYPES)}, 1 + ${pick("n", "s", 50)}, ${word("n", "c", CONTAINERS)}, ${money("n", "r", 2000)} from ${numbers(0, parts)}`,
    `insert into partsupp select n, 1 + mod(n + i * 7, ${suppliers}), 1 + ${pick("n * 10 + i", "q", 9999)}, ${money("n * 10 + i", "c", 1000)}
       from ${numbers(0, parts)} cross join (select column1 as i from values ${Array.from({ length: PLACES }, (_, i) => `(${i})`).join(", ")})`,
    `insert into customer select n, 'Customer ' || n, ${pick("n", "n", 25)}, (10 + ${pick("n", "n", 25)}) || '-' || n, ${money("n", "b", 10_000)} - 1000, ${word("n", "s", SEGMENTS)} from ${numbers(0, customers)}`,
    ...newOrders(0, all.orders, all),
  ];
}

const REVENUE = "l_extendedprice * (1 - l_discount)";

/** The 22 questions, in their order. */
export const TPCH_QUERIES: readonly string[] = [
  `select l_returnflag, l_linestatus, sum(l_quantity) as sum_qty, sum(l_extendedprice) as sum_base_price, sum(${REVENUE}) as sum_disc_price,
     sum(${REVENUE} * (1 + l_tax)) as sum_charge, avg(l_quantity) as avg_qty, avg(l_discount) as avg_disc, count(*) as count_order
   from lineitem where l_shipdate <= '1998-09-02' group by l_returnflag, l_linestatus`,
  `select s_acctbal, s_name, n_name, p_partkey, p_mfgr from part, supplier, partsupp, nation, region
   where p_partkey = ps_partkey and s_suppkey = ps_suppkey and p_size = 15 and p_type like '%BRASS' and s_nationkey = n_nationkey
     and n_regionkey = r_regionkey and r_name = 'EUROPE' and ps_supplycost = (select min(ps_supplycost) from partsupp, supplier, nation, region
       where p_partkey = ps_partkey and s_suppkey = ps_suppkey and s_nationkey = n_nationkey and n_regionkey = r_regionkey and r_name = 'EUROPE')`,
  `select l_orderkey, sum(${REVENUE}) as revenue, o_orderdate, o_shippriority from customer, orders, lineitem
   where c_mktsegment = 'BUILDING' and c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate < '1995-03-15' and l_shipdate > '1995-03-15'
   group by l_orderkey, o_orderdate, o_shippriority`,
  `select o_orderpriority, count(*) as order_count from orders where o_orderdate >= '1993-07-01' and o_orderdate < '1993-10-01'
     and exists (select * from lineitem where l_orderkey = o_orderkey and l_commitdate < l_receiptdate) group by o_orderpriority`,
  `select n_name, sum(${REVENUE}) as revenue from customer, orders, lineitem, supplier, nation, region
   where c_custkey = o_custkey and l_orderkey = o_orderkey and l_suppkey = s_suppkey and c_nationkey = s_nationkey and s_nationkey = n_nationkey
     and n_regionkey = r_regionkey and r_name = 'ASIA' and o_orderdate >= '1994-01-01' and o_orderdate < '1996-01-01' group by n_name`,
  `select sum(l_extendedprice * l_discount) as revenue from lineitem
   where l_shipdate >= '1994-01-01' and l_shipdate < '1995-01-01' and l_discount between 0.05 and 0.07 and l_quantity < 24`,
  `select supp_nation, cust_nation, l_year, sum(volume) as revenue from (
     select n1.n_name as supp_nation, n2.n_name as cust_nation, year(l_shipdate) as l_year, ${REVENUE} as volume
     from supplier, lineitem, orders, customer, nation n1, nation n2
     where s_suppkey = l_suppkey and o_orderkey = l_orderkey and c_custkey = o_custkey and s_nationkey = n1.n_nationkey and c_nationkey = n2.n_nationkey
       and ((n1.n_name = 'FRANCE' and n2.n_name = 'GERMANY') or (n1.n_name = 'GERMANY' and n2.n_name = 'FRANCE'))) group by supp_nation, cust_nation, l_year`,
  `select o_year, sum(case when nation = 'BRAZIL' then volume else 0 end) / nullif(sum(volume), 0) as mkt_share from (
     select year(o_orderdate) as o_year, ${REVENUE} as volume, n2.n_name as nation from part, supplier, lineitem, orders, customer, nation n1, nation n2, region
     where p_partkey = l_partkey and s_suppkey = l_suppkey and l_orderkey = o_orderkey and o_custkey = c_custkey and c_nationkey = n1.n_nationkey
       and n1.n_regionkey = r_regionkey and r_name = 'AMERICA' and s_nationkey = n2.n_nationkey and p_type = 'ECONOMY ANODIZED STEEL') group by o_year`,
  `select nation, o_year, sum(amount) as sum_profit from (select n_name as nation, year(o_orderdate) as o_year, ${REVENUE} - ps_supplycost * l_quantity as amount
     from part, supplier, lineitem, partsupp, orders, nation where s_suppkey = l_suppkey and ps_suppkey = l_suppkey and ps_partkey = l_partkey
       and p_partkey = l_partkey and o_orderkey = l_orderkey and s_nationkey = n_nationkey and p_name like '%green%') group by nation, o_year`,
  `select c_custkey, c_name, sum(${REVENUE}) as revenue, c_acctbal, n_name, c_phone from customer, orders, lineitem, nation
   where c_custkey = o_custkey and l_orderkey = o_orderkey and o_orderdate >= '1993-10-01' and o_orderdate < '1994-01-01' and l_returnflag = 'R'
     and c_nationkey = n_nationkey group by c_custkey, c_name, c_acctbal, c_phone, n_name`,
  `select ps_partkey, sum(ps_supplycost * ps_availqty) as value from partsupp, supplier, nation where ps_suppkey = s_suppkey and s_nationkey = n_nationkey
     and n_name = 'GERMANY' group by ps_partkey having sum(ps_supplycost * ps_availqty) > (select sum(ps_supplycost * ps_availqty) * 0.01 from partsupp, supplier, nation
       where ps_suppkey = s_suppkey and s_nationkey = n_nationkey and n_name = 'GERMANY')`,
  `select l_shipmode, sum(iff(o_orderpriority in ('1-URGENT', '2-HIGH'), 1, 0)) as high_line_count, sum(iff(o_orderpriority in ('1-URGENT', '2-HIGH'), 0, 1)) as low_line_count
   from orders, lineitem where o_orderkey = l_orderkey and l_shipmode in ('MAIL', 'SHIP') and l_commitdate < l_receiptdate and l_shipdate < l_commitdate
     and l_receiptdate >= '1994-01-01' and l_receiptdate < '1995-01-01' group by l_shipmode`,
  `select c_count, count(*) as custdist from (select c_custkey, count(o_orderkey) as c_count from customer
     left join (select * from orders where o_comment not like '%special%requests%') o on c_custkey = o_custkey group by c_custkey) group by c_count`,
  `select 100.00 * sum(case when p_type like 'PROMO%' then ${REVENUE} else 0 end) / nullif(sum(${REVENUE}), 0) as promo_revenue
   from lineitem, part where l_partkey = p_partkey and l_shipdate >= '1995-09-01' and l_shipdate < '1995-10-01'`,
  `with revenue as (select l_suppkey as supplier_no, sum(${REVENUE}) as total_revenue from lineitem where l_shipdate >= '1996-01-01' and l_shipdate < '1996-04-01' group by l_suppkey)
   select s_suppkey, s_name, total_revenue from supplier, revenue where s_suppkey = supplier_no and total_revenue = (select max(total_revenue) from revenue)`,
  `select p_brand, p_type, p_size, count(distinct ps_suppkey) as supplier_cnt from partsupp, part where p_partkey = ps_partkey and p_brand <> 'Brand#45'
     and p_type not like 'STANDARD%' and p_size in (49, 14, 23, 45, 19, 3, 36, 9)
     and ps_suppkey not in (select s_suppkey from supplier where s_comment like '%Customer%Complaints%') group by p_brand, p_type, p_size`,
  `select sum(l_extendedprice) / 7.0 as avg_yearly from lineitem, part where p_partkey = l_partkey and p_brand = 'Brand#23' and p_container = 'MED BOX'
     and l_quantity < (select 0.2 * avg(l_quantity) from lineitem where l_partkey = p_partkey)`,
  `select c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice, sum(l_quantity) as quantity from customer, orders, lineitem
   where o_orderkey in (select l_orderkey from lineitem group by l_orderkey having sum(l_quantity) > 250) and c_custkey = o_custkey and o_orderkey = l_orderkey
   group by c_name, c_custkey, o_orderkey, o_orderdate, o_totalprice`,
  `select sum(${REVENUE}) as revenue from lineitem, part where p_partkey = l_partkey and l_shipmode in ('AIR', 'REG AIR') and l_shipinstruct = 'DELIVER IN PERSON'
     and ((p_brand = 'Brand#12' and p_container in ('SM CASE', 'SM BOX') and l_quantity between 1 and 11 and p_size between 1 and 5)
       or (p_brand = 'Brand#23' and p_container in ('MED BAG', 'MED BOX') and l_quantity between 10 and 20 and p_size between 1 and 10)
       or (p_brand = 'Brand#34' and p_container in ('LG CASE', 'LG BOX') and l_quantity between 20 and 30 and p_size between 1 and 15))`,
  `select s_name from supplier, nation where s_suppkey in (select ps_suppkey from partsupp where ps_partkey in (select p_partkey from part where p_name like 'forest%')
     and ps_availqty > (select 0.5 * sum(l_quantity) from lineitem where l_partkey = ps_partkey and l_suppkey = ps_suppkey and l_shipdate >= '1994-01-01'))
     and s_nationkey = n_nationkey and n_name = 'CANADA'`,
  `select s_name, count(*) as numwait from supplier, lineitem l1, orders, nation where s_suppkey = l1.l_suppkey and o_orderkey = l1.l_orderkey and o_orderstatus = 'F'
     and l1.l_receiptdate > l1.l_commitdate and exists (select * from lineitem l2 where l2.l_orderkey = l1.l_orderkey and l2.l_suppkey <> l1.l_suppkey)
     and not exists (select * from lineitem l3 where l3.l_orderkey = l1.l_orderkey and l3.l_suppkey <> l1.l_suppkey and l3.l_receiptdate > l3.l_commitdate)
     and s_nationkey = n_nationkey and n_name = 'SAUDI ARABIA' group by s_name`,
  `select cntrycode, count(*) as numcust, sum(c_acctbal) as totacctbal from (select left(c_phone, 2) as cntrycode, c_acctbal from customer
     where left(c_phone, 2) in ('13', '31', '23', '29', '30', '18', '17') and c_acctbal > (select avg(c_acctbal) from customer where c_acctbal > 0.00)
       and not exists (select * from orders where o_custkey = c_custkey)) group by cntrycode`,
];

/** What happens to the tables in a cycle: each is one transaction. @param cycle counts from 0 */
export function tpchChanges(cycle: number, scale: number): string[] {
  const all = counts(scale);
  const few = Math.max(Math.round(all.orders / 100), 3);
  const kinds: readonly (readonly string[])[] = [
    newOrders(all.orders + cycle * few, few, all),
    [
      `delete from lineitem where mod(l_orderkey, 97) = ${cycle % 97}`,
      `delete from orders where mod(o_orderkey, 97) = ${cycle % 97}`,
    ],
    [
      `update lineitem set l_discount = mod(l_discount * 100 + 1, 11) / 100 where mod(l_orderkey, 53) = ${cycle % 53}`,
      `update part set p_size = 1 + mod(p_size, 50) where mod(p_partkey, 7) = ${cycle % 7}`,
    ],
    [
      "insert overwrite into supplier select s_suppkey, s_name, mod(s_nationkey + iff(mod(s_suppkey, 10) = 0, 1, 0), 25), s_acctbal, s_comment from supplier",
      `update customer set c_mktsegment = 'BUILDING', c_acctbal = c_acctbal + 1 where mod(c_custkey, 11) = ${cycle % 11}`,
    ],
    [
      `merge into orders using (select o_orderkey as k from orders where mod(o_orderkey, 31) = ${cycle % 31}) on o_orderkey = k
         when matched and mod(k, 2) = 0 then delete when matched then update set o_orderstatus = 'F', o_comment = 'special requests'`,
      "insert overwrite into partsupp select ps_partkey, ps_suppkey, ps_availqty + 1, ps_supplycost from partsupp",
    ],
  ];
  return [...kinds[cycle % kinds.length]!];
}
