import { find, MODELS, type WatchedNames } from "./names";
import type { Metadata, ShownRunner, ShownStream } from "./reads/metadata";
import type { Mail, NodeStatus, PipelineNode, Refresh, Run, Section, TestFailure } from "./snapshot";

/** What the steps of the pipeline are made of. */
export interface PipelineSources {
  readonly names: WatchedNames;
  readonly metadata: Metadata;
  readonly refreshes: Section<readonly Refresh[]>;
  readonly failures: Section<readonly TestFailure[]>;
  readonly tasks: Section<readonly Run[]>;
  readonly alerts: Section<readonly Run[]>;
  readonly mails: Section<readonly Mail[]>;
}

type Step = Omit<PipelineNode, "id" | "kind" | "from" | "name">;

const MISSING: Step = { status: "missing", says: "not there", facts: [] };

/** The way of the data from the raw table to the mail, each step with its state. */
export function pipelineOf(sources: PipelineSources): readonly PipelineNode[] {
  const { names } = sources;
  const { streams, tasks, alerts } = sources.metadata;
  const schema = names.analyticsSchema;
  const stream = find(streams.data ?? [], names.stream, schema);
  const task = find(tasks.data ?? [], names.captureTask, schema);
  const alert = find(alerts.data ?? [], names.errorAlert, schema);
  const node = (id: string, kind: string, name: string, from: readonly string[], step: Step): PipelineNode => ({
    id,
    kind,
    name,
    from,
    ...step,
  });
  return [
    node("raw", "table", names.loansTable, [], rawStep(sources)),
    node("staging", "dynamic table", MODELS.staging, ["raw"], dynamicStep(sources, MODELS.staging)),
    node("dynamic", "dynamic table", MODELS.dynamic, ["staging"], dynamicStep(sources, MODELS.dynamic)),
    node("standard", "table", MODELS.standard, ["staging"], standardStep(sources)),
    node("failures", "view", MODELS.failures, ["staging"], failuresStep(sources)),
    node("stream", "stream", names.stream, ["staging"], streamStep(stream)),
    node("task", "task", names.captureTask, ["stream", "failures"], runnerStep(task, sources.tasks, "SUCCEEDED")),
    node("errors", "table", names.errorsTable, ["task"], errorsStep(sources)),
    node("alert", "alert", names.errorAlert, ["errors"], runnerStep(alert, sources.alerts, "TRIGGERED")),
    node("mail", "e-mail", names.emailIntegration, ["alert"], mailStep(sources.mails)),
  ];
}

function countOf(count: number, one: string): string {
  return `${count.toLocaleString("en-US")} ${one}${count === 1 ? "" : "s"}`;
}

function rows(count: number): string {
  return countOf(count, "row");
}

function rawStep({ names, metadata }: PipelineSources): Step {
  const table = metadata.loans.data?.find(({ name }) => name === names.loansTable);
  if (!table) return MISSING;
  return table.changeTracking
    ? { status: "good", says: "change tracking on", facts: [rows(table.rows)] }
    : { status: "attention", says: "change tracking off", facts: [rows(table.rows)] };
}

function dynamicStep({ names, metadata, refreshes }: PipelineSources, name: string): Step {
  const table = find(metadata.dynamicTables.data ?? [], name, names.analyticsSchema);
  if (!table) return MISSING;
  const last = refreshes.data?.find((refresh) => refresh.table === name && refresh.schema === table.schema);
  const facts = [rows(table.rows), `target lag ${table.targetLag}`, table.refreshMode];
  if (table.schedulingState === "SUSPENDED") return { status: "off", says: "suspended", facts };
  if (last?.state === "EXECUTING") return { status: "busy", says: "refreshing", facts };
  if (last && /FAILED/.test(last.state)) return { status: "attention", says: "last refresh failed", facts };
  return { status: "good", says: "active", facts };
}

function standardStep({ names, metadata }: PipelineSources): Step {
  const table = find(metadata.tables.data ?? [], MODELS.standard, names.analyticsSchema);
  return table ? { status: "off", says: "changes only when dbt runs", facts: [rows(table.rows)] } : MISSING;
}

function failuresStep({ names, metadata, failures }: PipelineSources): Step {
  if (!find(metadata.views.data ?? [], MODELS.failures, names.analyticsSchema)) return MISSING;
  if (!failures.data) return { status: "off", says: "not read yet", facts: [] };
  const failing = failures.data.reduce((sum, test) => sum + test.failures, 0);
  const facts = [countOf(failures.data.length, "test")];
  return failing > 0
    ? { status: "attention", says: countOf(failing, "failure"), facts }
    : { status: "good", says: "no failures", facts };
}

function streamStep(stream: ShownStream | undefined): Step {
  if (!stream) return MISSING;
  if (stream.isStale) return { status: "attention", says: "stale", facts: [] };
  if (stream.hasData === undefined) return { status: "good", says: "there", facts: [] };
  return stream.hasData
    ? { status: "busy", says: "changes wait", facts: [] }
    : { status: "good", says: "all consumed", facts: [] };
}

/** Of a task or an alert, by its state and its last run. */
function runnerStep(shown: ShownRunner | undefined, history: Section<readonly Run[]>, good: string): Step {
  if (!shown) return MISSING;
  const last = history.data?.find((run) => run.name === shown.name && run.state !== "SCHEDULED");
  const facts = [shown.schedule ?? "runs on new data", ...(last ? [`last: ${last.state}`] : ["has not run yet"])];
  if (!shown.isStarted) return { status: "off", says: "suspended", facts };
  if (last?.state === "EXECUTING") return { status: "busy", says: "running", facts };
  if (last && /FAIL/.test(last.state)) return { status: "attention", says: "last run failed", facts };
  return { status: "good", says: last?.state === good ? "started" : "started, waits", facts };
}

function errorsStep({ names, metadata }: PipelineSources): Step {
  const table = find(metadata.tables.data ?? [], names.errorsTable, names.analyticsSchema);
  if (!table) return MISSING;
  const status: NodeStatus = table.rows > 0 ? "attention" : "good";
  return { status, says: table.rows > 0 ? rows(table.rows) : "empty", facts: [] };
}

function mailStep({ data, error }: Section<readonly Mail[]>): Step {
  if (!data) return error ? { ...MISSING, says: "not visible" } : MISSING;
  const failed = data[0] && /FAIL/.test(data[0].status);
  const says = data.length === 0 ? "none sent today" : `${data.length} sent today`;
  return failed ? { status: "attention", says: "last one failed", facts: [says] } : { status: "good", says, facts: [] };
}
