/** What the tests of documented behaviour begin with: the sources, and a dynamic table in one line. */
import type { TestClient } from "../server";

/** A fresh schema with SRC and DIM, which becomes the current one. */
export async function freshSchema(client: TestClient, name: string): Promise<void> {
  await client.run(
    `create or replace schema ${name}`,
    "create table src (id int, grp varchar, amt number(10,2), ts timestamp_ntz) change_tracking = true",
    "insert into src values (1, 'a', 10, '2024-01-01'), (2, 'a', 20, '2025-06-01'), (3, 'b', 30, '2026-01-01')",
    "create table dim (grp varchar primary key rely, label varchar) change_tracking = true",
    "insert into dim values ('a', 'A'), ('b', 'B')",
  );
}

export function dt(name: string, options: string, query: string): string {
  return `create dynamic table ${name} target_lag = '1 minute' warehouse = wh ${options} as ${query}`;
}

/** A table's row of SHOW DYNAMIC TABLES. */
export async function shown(client: TestClient, name: string): Promise<Record<string, unknown>> {
  return client.row(`show dynamic tables like '${name}'`);
}

export async function modeOf(client: TestClient, name: string): Promise<unknown> {
  return (await shown(client, name)).refresh_mode;
}
