import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { leastGrants, type GrantTarget, type WorkshopRole } from "./leastGrants";
import type { Environment } from "./naming";

/** A database and its declared schema, by name. */
export interface DatabaseAndSchema {
  readonly database: pulumi.Input<string>;
  readonly schema: pulumi.Input<string>;
}

export interface AccessRolesArgs {
  /** Names of the roles. A change replaces the role. */
  readonly names: Readonly<Record<WorkshopRole, string>>;
  /** Warehouse that all three use. */
  readonly warehouse: pulumi.Input<string>;
  readonly raw: DatabaseAndSchema;
  readonly analytics: DatabaseAndSchema;
  /** In `prd` the transformer makes schemas of its own and the analyst reads them. */
  readonly environment: Environment;
  /**
   * Role that gets the three roles: the one that deploys, or one below it. Through it the deploying role may alter what
   * loader and transformer own.
   */
  readonly parentRole: string;
  /** User who may take the three roles on. Left out: only users who have the parent role. */
  readonly user?: string;
}

const ROLES: Readonly<Record<WorkshopRole, string>> = {
  loader: "Workshop: loads the raw data and owns it",
  transformer: "Workshop: runs dbt and owns what it builds",
  analyst: "Workshop: reads what dbt builds",
};

/**
 * The roles that do the workshop's work, each with the least that it needs ({@link leastGrants}).
 * Snowflake documentation: "Overview of access control", "GRANT <privileges>", "GRANT ROLE".
 */
export class AccessRoles extends pulumi.ComponentResource {
  /** Names of the roles, known once each has all its grants and can be taken on. */
  readonly roles: Readonly<Record<WorkshopRole, pulumi.Output<string>>>;

  constructor(name: string, args: AccessRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("workshop:index:AccessRoles", name, args, opts);
    const grants = leastGrants(args.environment);
    const ready = (role: WorkshopRole): pulumi.Output<string> => {
      const account = new snowflake.AccountRole(
        `${name}-${role}`,
        { name: args.names[role], comment: ROLES[role] },
        { parent: this },
      );
      // Grants go with the role: no need to revoke them one by one.
      const gone = { parent: this, deletedWith: account };
      const received: pulumi.CustomResource[] = grants
        .filter((grant) => grant.role === role)
        .map(({ key, privileges, target }) =>
          target.on === "futureObjects" && privileges.includes("OWNERSHIP")
            ? new snowflake.GrantOwnership(
                `${name}-${key}`,
                { accountRoleName: account.name, on: { future: futureObjects(target, args) } },
                gone,
              )
            : new snowflake.GrantPrivilegesToAccountRole(
                `${name}-${key}`,
                { accountRoleName: account.name, privileges: [...privileges], ...grantedOn(target, args) },
                gone,
              ),
        );
      received.push(
        new snowflake.GrantAccountRole(
          `${name}-${role}-to-parent`,
          { roleName: account.name, parentRoleName: args.parentRole },
          gone,
        ),
      );
      if (args.user) {
        received.push(
          new snowflake.GrantAccountRole(
            `${name}-${role}-to-user`,
            { roleName: account.name, userName: args.user },
            gone,
          ),
        );
      }
      return pulumi.all([account.name, ...received.map((grant) => grant.id)]).apply(([roleName]) => roleName!);
    };
    this.roles = { loader: ready("loader"), transformer: ready("transformer"), analyst: ready("analyst") };
    this.registerOutputs({ roles: this.roles });
  }
}

type GrantedOn = Pick<
  snowflake.GrantPrivilegesToAccountRoleArgs,
  "onAccount" | "onAccountObject" | "onSchema" | "onSchemaObject"
>;

function grantedOn(target: GrantTarget, args: AccessRolesArgs): GrantedOn {
  switch (target.on) {
    case "account":
      return { onAccount: true };
    case "warehouse":
      return { onAccountObject: { objectType: "WAREHOUSE", objectName: args.warehouse } };
    case "database":
      return { onAccountObject: { objectType: "DATABASE", objectName: args[target.database].database } };
    case "schema":
      return { onSchema: { schemaName: qualified(args[target.database]) } };
    case "futureSchemas":
      return { onSchema: { futureSchemasInDatabase: args[target.database].database } };
    case "futureObjects":
      return { onSchemaObject: { future: futureObjects(target, args) } };
  }
}

interface FutureObjects {
  readonly objectTypePlural: string;
  readonly inSchema?: pulumi.Input<string>;
  readonly inDatabase?: pulumi.Input<string>;
}

function futureObjects(target: Extract<GrantTarget, { on: "futureObjects" }>, args: AccessRolesArgs): FutureObjects {
  const where = args[target.database];
  return {
    objectTypePlural: target.kind,
    ...(target.in === "schema" ? { inSchema: qualified(where) } : { inDatabase: where.database }),
  };
}

function qualified({ database, schema }: DatabaseAndSchema): pulumi.Output<string> {
  return pulumi.all([database, schema]).apply((path) => path.map((name) => `"${name}"`).join("."));
}
