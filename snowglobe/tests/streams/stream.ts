import type { Row } from "../server/nodeDriver";
import type { TestClient } from "../server";

/** Makes a database with its schema PUBLIC and a warehouse, and uses them. */
export async function prepare(client: TestClient): Promise<void> {
  await client.run("create warehouse wh", "create database d", "use schema d.public");
}

/**
 * What a stream shows, one line for each row, sorted: `+1,a` for an insert, `-1,a` for a delete; `+u` and `-u` where
 * METADATA$ISUPDATE is true.
 *
 * @param from a stream, or whatever has the metadata columns
 */
export async function shown(client: TestClient, from: string): Promise<string[]> {
  return (await client.rows(`select * from ${from}`)).map((row) => line(row)).sort();
}

function line(row: Row): string {
  const { METADATA$ACTION: action, METADATA$ISUPDATE: isUpdate, METADATA$ROW_ID: rowId, ...values } = row;
  if (!/^[0-9a-f]{40}$/.test(String(rowId))) throw new Error(`no row id: ${String(rowId)}`);
  return `${action === "INSERT" ? "+" : "-"}${isUpdate === true ? "u" : ""}${Object.values(values).join(",")}`;
}

/** Consumes a stream by an insert that takes no row of it. */
export async function consume(client: TestClient, stream: string): Promise<void> {
  await client.run("create table if not exists sink (n int)", `insert into sink select 1 from ${stream} where 1 = 0`);
}

/** SYSTEM$STREAM_HAS_DATA. */
export function hasData(client: TestClient, stream: string): Promise<unknown> {
  return client.value(`select system$stream_has_data('${stream}')`);
}
