import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { CheckedExecute } from "./checkedExecute";
import { showOne } from "./monitoringSql";
import type { Repairs } from "./repairs";

export interface EmailNotificationsArgs {
  /** Name of the integration. A change replaces it. */
  readonly name: string;
  /** Addresses to which it may mail; each must be the verified one of a user of the account. */
  readonly recipients: readonly string[];
  /** Role that sends mail by it. Left out: the connecting role, which owns it. */
  readonly role?: pulumi.Input<string>;
  /**
   * Beginning of the names of users to make for the addresses. For the local target, where nobody else is: a user's
   * address counts as verified there. They have no password, so that nobody can log in as them.
   */
  readonly recipientUser?: string;
  readonly repairs: Repairs;
}

/**
 * The integration by which the account sends mail, and whom it may write to.
 * Snowflake documentation: "CREATE NOTIFICATION INTEGRATION (email)", "Sending email notifications".
 */
export class EmailNotifications extends pulumi.ComponentResource {
  /** Name of the integration, known once it can be used. */
  readonly integration: pulumi.Output<string>;

  constructor(name: string, args: EmailNotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:EmailNotifications", name, args, opts);
    const users = args.recipientUser === undefined ? [] : this.declareUsers(name, args.recipientUser, args);
    const integration = new snowflake.EmailNotificationIntegration(
      `${name}-integration`,
      {
        name: args.name,
        enabled: true,
        allowedRecipients: [...args.recipients],
        comment: "Workshop: mails about failing data tests",
      },
      { parent: this, dependsOn: users, replaceOnChanges: ["name"] },
    );
    const usage =
      args.role === undefined
        ? []
        : [
            new snowflake.GrantPrivilegesToAccountRole(
              `${name}-usage`,
              {
                accountRoleName: args.role,
                privileges: ["USAGE"],
                onAccountObject: { objectType: "INTEGRATION", objectName: integration.name },
              },
              { parent: this, deletedWith: integration },
            ),
          ];
    this.integration = pulumi.all([integration.name, ...usage.map((grant) => grant.id)]).apply(([made]) => made!);
    this.registerOutputs({ integration: this.integration });
  }

  private declareUsers(
    name: string,
    prefix: string,
    { recipients, repairs }: EmailNotificationsArgs,
  ): CheckedExecute[] {
    return recipients.map((address, index) => {
      const user = `${prefix}_${index + 1}`;
      return new CheckedExecute(
        `${name}-recipient-${index + 1}`,
        {
          execute: `CREATE OR REPLACE USER ${user} EMAIL = '${address}' COMMENT = 'Workshop: gets its mail'`,
          revert: `DROP USER IF EXISTS ${user}`,
          query: showOne("USERS", user, ["name", "email", "disabled"]),
          expected: [{ name: user, email: address, disabled: "false" }],
          repairs,
        },
        { parent: this },
      );
    });
  }
}
