import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { CheckedExecute } from "./checkedExecute";
import { dynamicTableIncarnation } from "./dynamicTableIncarnation";
import {
  captureBody,
  captureCondition,
  createErrorsTable,
  ERRORS_TABLE_COMMENT,
  monitoringObjects,
  showOne,
} from "./monitoringSql";
import type { WorkshopNames } from "./naming";
import { ownedBy } from "./owner";
import type { Repairs } from "./repairs";

export interface FailureCaptureArgs {
  /** Names of the environment. Dynamic table and failure view exist; stream, table and task are made here. */
  readonly names: WorkshopNames;
  /** Warehouse on which the task runs. */
  readonly warehouse: pulumi.Input<string>;
  /** Whether the task runs on Snowflake's own compute instead. A change replaces the task. */
  readonly serverless: boolean;
  /** Differs where the attendee's schema was made anew, and with it all that lay in it. */
  readonly schemaIncarnation: pulumi.Input<string>;
  /** The attendee's schema, with which all of it goes. */
  readonly schema: pulumi.Resource;
  /** Role that owns what is made in the schema. Left out: whoever makes it. */
  readonly owner?: string;
  readonly repairs: Repairs;
}

/** Of a serverless task: how fast a run is meant to be. Snowflake documentation: "CREATE TASK", TARGET_COMPLETION_INTERVAL. */
const TARGET_COMPLETION_INTERVAL = "1 MINUTE";

const COMMENT = "Workshop: keeps the failing data tests after each refresh that changed the staging table";

/** Comments are looked at as well: an object that was replaced by hand lacks them. */
const STREAM_COMMENT = "Workshop: the changes of the staging table";

/**
 * Keeps the failures of the data tests whenever a refresh has changed the staging table: a stream on that dynamic table, a
 * task that the stream triggers, and the table it fills, whose changes are tracked.
 *
 * A dynamic table that was replaced (`dbt build --full-refresh`) takes its stream's history with it: the stream can never
 * be read again. The next `up` sees the new table and makes stream and task anew.
 *
 * Snowflake documentation: "Use streams on dynamic tables", "Triggered tasks", "CREATE TASK".
 */
export class FailureCapture extends pulumi.ComponentResource {
  /** Differs where the table of failures was made anew. Who follows its changes must begin again. */
  readonly errorsTableIncarnation: pulumi.Output<string>;

  constructor(name: string, args: FailureCaptureArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:FailureCapture", name, args, opts);
    const { names, repairs, schema: deletedWith } = args;
    const objects = monitoringObjects(names);
    const owned = ownedBy(args.owner);
    const after = { parent: this, dependsOn: opts?.dependsOn };
    const incarnation = dynamicTableIncarnation(
      { database: names.analyticsDatabase, schema: names.stagingSchema, name: names.stagingTable },
      after,
    );
    // The provider knows no stream on a dynamic table.
    const stream = new CheckedExecute(
      `${name}-stream`,
      {
        execute: `CREATE OR REPLACE STREAM ${objects.stream} ON DYNAMIC TABLE ${objects.stagingTable} COMMENT = '${STREAM_COMMENT}'`,
        revert: `DROP STREAM IF EXISTS ${objects.stream}`,
        query: showOne("STREAMS", names.stream, ["name", "table_name", "stale", "comment", ...owned.columns], objects),
        expected: [
          {
            ...{ name: names.stream, table_name: objects.stagingTable, stale: "false", comment: STREAM_COMMENT },
            ...owned.values,
          },
        ],
        runsAgainWith: incarnation,
        repairs,
        deletedWith,
      },
      after,
    );
    const errorsTable = new CheckedExecute(
      `${name}-errors-table`,
      {
        execute: createErrorsTable(objects),
        revert: `DROP TABLE IF EXISTS ${objects.errorsTable}`,
        query: showOne("TABLES", names.errorsTable, ["name", "change_tracking", "comment", ...owned.columns], objects),
        expected: [{ name: names.errorsTable, change_tracking: "ON", comment: ERRORS_TABLE_COMMENT, ...owned.values }],
        runsAgainWith: args.schemaIncarnation,
        repairs,
        deletedWith,
      },
      after,
    );
    this.declareTask(name, args, stream, errorsTable);
    this.errorsTableIncarnation = errorsTable.run;
    this.registerOutputs({ errorsTableIncarnation: this.errorsTableIncarnation });
  }

  /** The task, resumed. It begins anew with each new stream, so that failures it met with the old one are over. */
  private declareTask(
    name: string,
    args: FailureCaptureArgs,
    stream: CheckedExecute,
    errorsTable: CheckedExecute,
  ): void {
    const { names, warehouse, repairs, schema: deletedWith } = args;
    const objects = monitoringObjects(names);
    const owned = ownedBy(args.owner);
    const [condition, body] = [captureCondition(objects), captureBody(objects)];
    const dependsOn = [stream, errorsTable];
    if (!args.serverless) {
      new snowflake.Task(
        `${name}-task`,
        {
          database: objects.database,
          schema: objects.schema,
          name: names.captureTask,
          warehouse,
          when: condition,
          sqlStatement: body,
          started: true,
          comment: COMMENT,
        },
        { parent: this, dependsOn, deletedWith, replacementTrigger: stream.run, deleteBeforeReplace: true },
      );
      return;
    }
    // The resource cannot say TARGET_COMPLETION_INTERVAL, which a serverless triggered task must have.
    const task = new CheckedExecute(
      `${name}-task`,
      {
        execute:
          `CREATE OR REPLACE TASK ${objects.captureTask} ` +
          `TARGET_COMPLETION_INTERVAL = '${TARGET_COMPLETION_INTERVAL}' COMMENT = '${COMMENT}' ` +
          `WHEN ${condition} AS\n${body}`,
        revert: `DROP TASK IF EXISTS ${objects.captureTask}`,
        query: showOne("TASKS", names.captureTask, ["name", "comment", ...owned.columns], objects),
        expected: [{ name: names.captureTask, comment: COMMENT, ...owned.values }],
        runsAgainWith: stream.run,
        repairs,
        deletedWith,
      },
      { parent: this, dependsOn },
    );
    new CheckedExecute(
      `${name}-task-resumed`,
      {
        execute: `ALTER TASK ${objects.captureTask} RESUME`,
        revert: `ALTER TASK IF EXISTS ${objects.captureTask} SUSPEND`,
        query: showOne("TASKS", names.captureTask, ["name", "state"], objects),
        expected: [{ name: names.captureTask, state: "started" }],
        runsAgainWith: task.run,
        repairs,
        deletedWith,
      },
      { parent: this, dependsOn: [task] },
    );
  }
}
