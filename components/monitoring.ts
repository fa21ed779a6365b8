import * as pulumi from "@pulumi/pulumi";
import type { WorkshopConfig } from "./config";
import { EmailNotifications } from "./emailNotifications";
import { ErrorAlert } from "./errorAlert";
import { FailureCapture } from "./failureCapture";
import type { WorkshopNames } from "./naming";
import type { Repairs } from "./repairs";

export interface MonitoringArgs {
  readonly config: WorkshopConfig;
  readonly names: WorkshopNames;
  readonly warehouse: pulumi.Input<string>;
  /** Role that owns task and alert; left out where the account has no roles of the workshop's own. */
  readonly role?: pulumi.Input<string>;
  /** Differs where the attendee's schema was made anew. */
  readonly schemaIncarnation: pulumi.Input<string>;
  /** The attendee's schema, with which all that is made in it goes. */
  readonly schema: pulumi.Resource;
  readonly repairs: Repairs;
}

/**
 * Declares what watches the dynamic tables: failures are captured and, where somebody is to get them, mailed.
 *
 * @param opts `dependsOn`: what builds the dynamic tables
 */
export function declareMonitoring(args: MonitoringArgs, opts: pulumi.ComponentResourceOptions): void {
  const { config, names, warehouse, schema, repairs } = args;
  const { recipients, serverless } = config;
  const owner = config.accessRoles ? names.transformerRole : undefined;
  const capture = new FailureCapture(
    "failures",
    { names, warehouse, serverless, schemaIncarnation: args.schemaIncarnation, schema, owner, repairs },
    opts,
  );
  if (recipients.length === 0) {
    void pulumi.log.warn(
      "Failures are captured but not mailed, as nobody is to get them: " +
        "pulumi config set workshop:recipients you@example.com, a verified address of one of the account's users.",
    );
    return;
  }
  const { providers } = opts;
  const mail = new EmailNotifications(
    "mail",
    {
      name: names.emailIntegration,
      recipients,
      role: args.role,
      recipientUser: config.target === "local" ? names.recipientUser : undefined,
      repairs,
    },
    { providers },
  );
  new ErrorAlert(
    "error-alert",
    {
      names,
      integration: mail.integration,
      recipients,
      schedule: config.alertSchedule,
      warehouse,
      serverless,
      errorsTableIncarnation: capture.errorsTableIncarnation,
      schema,
      owner,
      repairs,
    },
    { providers, dependsOn: [capture, mail] },
  );
}
