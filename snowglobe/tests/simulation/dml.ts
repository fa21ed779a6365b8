/** A change of a base table's rows as SQL. */
import { pick } from "./queryText";
import type { Change, RowChoice, Where } from "./steps";
import { typeOfColumn, valueText, VALUES } from "./values";

/** @param columns the table's, as the catalog names them; the first one is `I0` */
export function changeText(change: Change, table: string, columns: readonly string[]): string {
  switch (change.kind) {
    case "insert":
      return `insert into ${table} ${rowsText(change.rows, columns)}`;
    case "update": {
      const column = pick(columns, change.set);
      return `update ${table} set ${column} = ${valueText(typeOfColumn(column), change.value)} where ${condition(change.where, columns)}`;
    }
    case "delete":
      return `delete from ${table} where ${condition(change.where, columns)}`;
    case "merge": {
      const last = columns.at(-1)!;
      const matched = change.deletes ? "delete" : `update set ${last} = s.${last}`;
      return `merge into ${table} using (select * from (${rowsText(change.rows, columns)}) qualify row_number() over (partition by i0 order by 1) = 1) s
              on ${table}.i0 = s.i0 when matched then ${matched}
              when not matched then insert (${columns.join(", ")}) values (${columns.map((name) => `s.${name}`).join(", ")})`;
    }
    case "overwrite":
      return `insert overwrite into ${table} select * from ${table} where not equal_null(${condition(change.where, columns)}, true)`;
    case "truncate":
      return `truncate table ${table}`;
    case "double":
      return `insert into ${table} select * from ${table} limit 12`;
  }
}

/** A SELECT of these rows. */
export function rowsText(rows: readonly RowChoice[], columns: readonly string[]): string {
  return rows
    .map((row) => {
      const values = columns.map((name, index) => {
        const value = Math.floor(row / VALUES ** index) % VALUES;
        return `${valueText(typeOfColumn(name), value)} as ${name}`;
      });
      return `select ${values.join(", ")}`;
    })
    .join(" union all ");
}

function condition({ column, value, all }: Where, columns: readonly string[]): string {
  if (all) return "true";
  const name = pick(columns, column);
  const type = typeOfColumn(name);
  if (type === "list") return `array_size(${name}) = ${value % 4}`;
  return `equal_null(${name}, ${valueText(type, value)})`;
}
