import type { Context, StackChoice } from "../context";
import { messageOf } from "../errors";
import { findRunning, hasData } from "../local/snowglobe";
import { clockNote } from "../output/clock";
import { formatTable, type TableLook } from "../output/table";
import { kindOf, nameOf } from "../output/deployment";
import { connectionTo, flagsOf, namesOf } from "../stack/connection";
import { deploymentOf } from "../stack/deployment";
import { driftedResources } from "../stack/drift";
import { localStacks } from "../stack/localBackend";
import { stackName } from "../stack/names";
import type { MonitoringStatus } from "../stack/monitoring";
import { readObjects, type ObjectStatus } from "../stack/objects";

export interface StatusOptions extends StackChoice {
  readonly json: boolean;
}

interface Report {
  readonly stack: string;
  readonly exists: boolean;
  /** All stacks of the local target. */
  readonly localStacks: readonly string[];
  readonly snowglobe?: { readonly running: boolean; readonly hasData: boolean; readonly port?: number };
  readonly interrupted: number;
  readonly drifted: readonly string[];
  readonly resources: readonly { readonly type: string; readonly name: string; readonly id: string }[];
  readonly objects?: ObjectStatus;
  /** Why objects could not be read. */
  readonly problem?: string;
}

/** Shows the stack, what stands in its databases, and snowglobe. Changes and starts nothing. */
export async function status(context: Context, options: StatusOptions): Promise<void> {
  const report = await read(context, options);
  if (options.json) context.terminal.result(report);
  else print(context, options, report);
}

async function read(context: Context, choice: StackChoice): Promise<Report> {
  const { paths } = context;
  const name = stackName(choice);
  const isLocal = choice.target === "local";
  const running = isLocal ? await findRunning(paths) : undefined;
  const deployment = await deploymentOf(context, choice);
  const resources = (deployment?.resources ?? []).filter((r) => r.custom && !r.type.startsWith("pulumi:"));
  const report: Report = {
    stack: name,
    exists: deployment !== undefined,
    localStacks: localStacks(paths),
    ...(isLocal ? { snowglobe: { running: running !== undefined, hasData: hasData(paths), port: running?.port } } : {}),
    interrupted: deployment?.pending_operations?.length ?? 0,
    drifted: (await driftedResources(deployment ?? {})).map(nameOf),
    resources: resources.map((r) => ({ type: r.type, name: nameOf(r.urn), id: r.id ?? "" })),
  };
  if (resources.length === 0 || (isLocal && !running)) return report;
  try {
    const environment = connectionTo(context, choice, running);
    const names = namesOf(choice, deployment);
    return { ...report, objects: await readObjects(context.env, environment, names, { costsNothing: isLocal }) };
  } catch (error) {
    return { ...report, problem: messageOf(error) };
  }
}

function print({ terminal }: Context, choice: StackChoice, report: Report): void {
  const { bold } = terminal.colors;
  const look = { bold, width: terminal.columns };
  const { snowglobe, objects } = report;
  if (snowglobe) {
    const state = snowglobe.running ? `runs on 127.0.0.1:${snowglobe.port}` : "does not run";
    terminal.say(`${bold("snowglobe")}  ${state}${snowglobe.hasData ? "" : "; it has no data"}`);
    const clock = objects?.now === undefined ? undefined : clockNote(objects.now);
    if (clock) terminal.say(`           ${clock}`);
  }
  const made = report.resources.length;
  terminal.say(`${bold("stack")}      ${report.stack}: ${report.exists ? `${made} resources` : "not deployed"}`);
  const others = report.localStacks.filter((stack) => stack !== report.stack);
  if (others.length > 0) terminal.say(`           other local stacks: ${others.join(", ")}`);
  if (report.interrupted > 0)
    terminal.say(`           ${report.interrupted} interrupted operations; ./workshop up settles them`);
  for (const name of report.drifted)
    terminal.say(`           ${name} is not as the stack wants it; ./workshop up fixes it`);
  // Grants are many and say little.
  const [shown, grants] = partition(report.resources, (r) => !/:Grant\w*$/.test(r.type));
  const listed = shown.map((r) => [kindOf(r.type), r.name]);
  if (made > 0) terminal.say(`\n${formatTable(["resource", "name"], listed, look)}`);
  if (grants.length > 0) terminal.say(`  and ${grants.length} grants`);
  if (report.problem) terminal.say(`\n${report.problem}`);
  if (objects) for (const table of objectTables(objects, look)) terminal.say(`\n${table}`);
  if (!report.exists) terminal.say(`\nDeploy it with: ./workshop up${flagsOf(choice)}`);
}

/** The databases' content as tables for people. */
export function objectTables(objects: ObjectStatus, look: TableLook): string[] {
  const { loans, tables, dynamicTables } = objects;
  const plain = [
    ...(loans
      ? [
          [
            `${loans.schema}.${loans.name}`,
            loans.rows,
            loans.changeTracking ? "change tracking on" : "change tracking off",
          ],
        ]
      : []),
    ...tables.map((t) => [`${t.schema}.${t.name}`, t.rows, ""]),
  ];
  const dynamic = dynamicTables.map((t) => [
    `${t.schema}.${t.name}`,
    t.rows,
    t.targetLag,
    t.refreshMode,
    t.schedulingState,
    t.dataTimestamp ?? "not yet refreshed",
  ]);
  return [
    ...(plain.length ? [formatTable(["table", "rows", ""], plain, look)] : []),
    ...(dynamic.length
      ? [formatTable(["dynamic table", "rows", "target lag", "refresh mode", "state", "data timestamp"], dynamic, look)]
      : []),
    ...monitoringTables(objects.monitoring, look),
  ];
}

/** What watches the dynamic tables, and the last mails. */
function monitoringTables({ stream, task, alert, mails }: MonitoringStatus, look: TableLook): string[] {
  const rows = [
    ...(stream
      ? [["stream", stream.name, stream.stale ? "cannot be read any more; ./workshop up makes it anew" : stream.of]]
      : []),
    ...(task ? [["task", task.name, [task.state, task.reason].filter(Boolean).join(", ")]] : []),
    ...(alert ? [["alert", alert.name, `${alert.state}, ${alert.schedule ?? "on new data"}`]] : []),
    ...(mails ?? []).map(({ createdOn, status, error }) => [
      "mail",
      createdOn,
      [status, error].filter(Boolean).join(": "),
    ]),
    ...(mails?.length === 0 ? [["mail", "none in the last day", ""]] : []),
  ];
  return rows.length ? [formatTable(["monitoring", "", ""], rows, look)] : [];
}

function partition<T>(items: readonly T[], accept: (item: T) => boolean): [T[], T[]] {
  return [items.filter(accept), items.filter((item) => !accept(item))];
}
