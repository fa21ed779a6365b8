import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { TestClient, TestSnowglobe } from "../server";
import type { Row } from "../server/nodeDriver";

/** The runs of an alert, oldest first, without those that are still to come. */
export function runs(client: TestClient, alert = "a"): Promise<Row[]> {
  return client.rows(`select name, state, scheduled_from, sql_error_code, sql_error_message, condition_query_id,
      action_query_id, date_part(epoch_second, scheduled_time) as at, completed_time
    from table(information_schema.alert_history(alert_name => '${alert}')) where state <> 'SCHEDULED' order by scheduled_time`);
}

export async function states(client: TestClient, alert = "a"): Promise<unknown[]> {
  return (await runs(client, alert)).map((run) => run.STATE);
}

/** Users with addresses, and an integration over which mails go to them. */
export async function prepareMail(client: TestClient): Promise<void> {
  await client.run(
    "alter user admin set email = 'admin@example.com'",
    "create user ann email = 'ann@example.com'",
    "create notification integration send_email_notifications type = email enabled = true",
  );
}

/** The mails in the mailbox, oldest first, their quoted-printable parts decoded. */
export async function mailbox({ folder }: TestSnowglobe): Promise<string[]> {
  const names = await readdir(path.join(folder, "mail")).catch(() => []);
  const texts = await Promise.all(names.sort().map((name) => readFile(path.join(folder, "mail", name), "utf8")));
  return texts.map((text) =>
    text
      .replace(/=\r?\n/g, "")
      .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  );
}
