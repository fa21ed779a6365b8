import * as pulumi from "@pulumi/pulumi";
import type { WorkshopConfig } from "./config";
import { EmailNotifications } from "./emailNotifications";
import { ErrorAlert } from "./errorAlert";
import { FailureCapture } from "./failureCapture";
import type { WorkshopNames } from "./naming";

export interface MonitoringArgs {
  readonly config: WorkshopConfig;
  readonly names: WorkshopNames;
  readonly warehouse: pulumi.Input<string>;
  /** Role that owns task and alert; left out where the account has no roles of the workshop's own. */
  readonly role?: pulumi.Input<string>;
  /** Differs where the attendee's schema was made anew. */
  readonly schemaIncarnation: pulumi.Input<string>;
}

/**
 * Declares what watches the dynamic tables: failures are captured and, where somebody is to get them, mailed.
 *
 * @param opts `dependsOn`: what builds the dynamic tables
 */
export function declareMonitoring(args: MonitoringArgs, opts: pulumi.ComponentResourceOptions): void {
  const { config, names, warehouse } = args;
  const { recipients, serverless } = config;
  const capture = new FailureCapture(
    "failures",
    { names, warehouse, serverless, schemaIncarnation: args.schemaIncarnation },
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
    },
    { providers, dependsOn: [capture, mail] },
  );
}
