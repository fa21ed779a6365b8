import { doesNotExist, SnowflakeError, unsupported } from "../../errors";
import { requirePrivilege } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { findRelation } from "../../execution/lookup";
import { parseObjectName } from "../../sql";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { rejectedRows } from "./rejectedRows";
import { ERROR_COLUMNS, fileErrors } from "./validation";
import { shownRelation } from "../../execution/shownColumn";

/** VALIDATE(table, JOB_ID => ...): what an earlier COPY found wrong. Source: "VALIDATE". */
export function validateRelation(args: readonly ArgumentText[], context: StatementContext): SqlRelation {
  const [name, given] = args;
  const job = given?.name === undefined || given.name === "JOB_ID" ? given?.constant : undefined;
  if (typeof name?.constant !== "string") throw unsupported("VALIDATE of anything but a table's name");
  if (typeof job !== "string") throw unsupported("VALIDATE without a constant JOB_ID");
  const table = findRelation(context, parseObjectName(name.constant), "VALIDATE");
  if (table.kind !== "TABLE") throw doesNotExist("Table", name.constant);
  requirePrivilege(context, table, "SELECT");
  const store = rejectedRows(context.instance);
  const load = job.toLowerCase() === "_last" ? store.last(context.session.id, table.id) : store.of(job, table.id);
  if (!load) throw new SnowflakeError("000709", "02000", `Statement ${job} not found`);
  const more = load.find(({ report }) => report.bad.size > report.errors.length && report.complete !== false);
  if (more) throw unsupported(`VALIDATE of a load with more errors in a file than are kept (${more.file})`);
  return shownRelation(["VALIDATE"], ERROR_COLUMNS, fileErrors(load), context);
}
