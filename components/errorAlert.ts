import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { alertScheduleText, type AlertSchedule } from "./alertSchedule";
import { CheckedExecute } from "./checkedExecute";
import { alertAction, alertCondition, monitoringObjects, showOne } from "./monitoringSql";
import type { WorkshopNames } from "./naming";
import { ownedBy } from "./owner";
import type { Repairs } from "./repairs";

export interface ErrorAlertArgs {
  /** Names of the environment. The table of failures exists; the alert is made here. */
  readonly names: WorkshopNames;
  /** Integration that sends the mail; the alert's owner may use it. */
  readonly integration: pulumi.Input<string>;
  /** Addresses that the mail goes to. */
  readonly recipients: readonly string[];
  /** When to look for failures. Left out: when new ones come. A change from or to that replaces the alert. */
  readonly schedule?: AlertSchedule;
  /** Warehouse on which the alert runs. */
  readonly warehouse: pulumi.Input<string>;
  /** Whether the alert runs on Snowflake's own compute instead. A change replaces the alert. */
  readonly serverless: boolean;
  /** Differs where the table of failures was made anew; the alert then begins again. */
  readonly errorsTableIncarnation: pulumi.Input<string>;
  /** The attendee's schema, with which the alert goes. */
  readonly schema: pulumi.Resource;
  /** Role that owns what is made in the schema. Left out: whoever makes it. */
  readonly owner?: string;
  readonly repairs: Repairs;
}

const COMMENT = "Workshop: mails the failing data tests";

/**
 * Mails the data tests that fail: once each time the task has found some or, with a schedule, again and again as long as
 * there are any. Nobody is told that all is well again.
 *
 * Snowflake documentation: "Setting up alerts based on data in Snowflake", "CREATE ALERT".
 */
export class ErrorAlert extends pulumi.ComponentResource {
  constructor(name: string, args: ErrorAlertArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:ErrorAlert", name, args, opts);
    const objects = monitoringObjects(args.names);
    const condition = alertCondition(objects);
    const action = pulumi
      .output(args.integration)
      .apply((integration) => alertAction(objects, { integration, recipients: args.recipients }));
    const options = { parent: this, dependsOn: opts?.dependsOn };
    if (args.schedule && !args.serverless) {
      new snowflake.Alert(
        `${name}-alert`,
        {
          database: objects.database,
          schema: objects.schema,
          name: args.names.errorAlert,
          warehouse: args.warehouse,
          alertSchedule:
            "minutes" in args.schedule
              ? { interval: args.schedule.minutes }
              : { cron: { expression: args.schedule.cron, timeZone: args.schedule.timeZone } },
          condition,
          action,
          enabled: true,
          comment: COMMENT,
        },
        {
          ...options,
          deletedWith: args.schema,
          replacementTrigger: args.errorsTableIncarnation,
          deleteBeforeReplace: true,
        },
      );
    } else this.declareByStatements(name, args, { condition, action }, options);
    this.registerOutputs({});
  }

  /** The resource always writes a warehouse and a schedule: neither a serverless alert nor one on new data can be said. */
  private declareByStatements(
    name: string,
    { names, warehouse, serverless, schedule, errorsTableIncarnation, repairs, schema, owner }: ErrorAlertArgs,
    { condition, action }: { condition: string; action: pulumi.Output<string> },
    options: pulumi.ComponentResourceOptions,
  ): void {
    const objects = monitoringObjects(names);
    const owned = ownedBy(owner);
    const compute = serverless ? "" : pulumi.interpolate` WAREHOUSE = ${warehouse}`;
    const when = schedule ? ` SCHEDULE = '${alertScheduleText(schedule)}'` : "";
    const alert = new CheckedExecute(
      `${name}-alert`,
      {
        execute: pulumi.interpolate`CREATE OR REPLACE ALERT ${objects.errorAlert}${compute}${when} COMMENT = '${COMMENT}'
IF (EXISTS (${condition}))
THEN
${action}`,
        revert: `DROP ALERT IF EXISTS ${objects.errorAlert}`,
        // One that was replaced by hand lacks the comment.
        query: showOne("ALERTS", names.errorAlert, ["name", "comment", ...owned.columns], objects),
        expected: [{ name: names.errorAlert, comment: COMMENT, ...owned.values }],
        runsAgainWith: errorsTableIncarnation,
        repairs,
        deletedWith: schema,
      },
      options,
    );
    new CheckedExecute(
      `${name}-alert-resumed`,
      {
        execute: `ALTER ALERT ${objects.errorAlert} RESUME`,
        revert: `ALTER ALERT IF EXISTS ${objects.errorAlert} SUSPEND`,
        query: showOne("ALERTS", names.errorAlert, ["name", "state"], objects),
        expected: [{ name: names.errorAlert, state: "started" }],
        runsAgainWith: alert.run,
        repairs,
        deletedWith: schema,
      },
      { parent: this, dependsOn: [alert] },
    );
  }
}
