import * as pulumi from "@pulumi/pulumi";
import * as snowflake from "@pulumi/snowflake";
import { leastGrants, type GrantTarget, type ObjectKind, type WorkshopRole } from "./leastGrants";
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
  /** How often what lies in each database was put right; where it differs, the roles take over again what is theirs. */
  readonly repairs: Readonly<Record<"raw" | "analytics", pulumi.Input<number>>>;
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
        { parent: this, replaceOnChanges: ["name"] },
      );
      // Grants go with the role: no need to revoke them one by one.
      const gone = { parent: this, deletedWith: account };
      const received: pulumi.CustomResource[] = grants
        .filter((grant) => grant.role === role)
        .map(({ key, privileges, target }) =>
          target.on === "futureObjects" && privileges.includes("OWNERSHIP")
            ? new snowflake.GrantOwnership(
                `${name}-${key}`,
                { accountRoleName: account.name, on: { future: grantedObjects(target, args) } },
                gone,
              )
            : new snowflake.GrantPrivilegesToAccountRole(
                `${name}-${key}`,
                { accountRoleName: account.name, privileges: [...privileges], ...grantedOn(target, args) },
                gone,
              ),
        );
      // What is there already when the role is made; future grants are for what comes later.
      for (const { key, privileges, target } of grants)
        if (key.startsWith(`${role}-reads-`) && target.on === "futureObjects")
          new snowflake.GrantPrivilegesToAccountRole(
            `${name}-${key}-there`,
            {
              accountRoleName: account.name,
              privileges: [...privileges],
              onSchemaObject: { all: grantedObjects(target, args) },
            },
            { ...gone, replacementTrigger: args.repairs[target.database], deleteBeforeReplace: true },
          );
      // Not waited for by name: who makes objects comes after all of this component.
      for (const target of takenOver(role, args.environment))
        new snowflake.GrantOwnership(
          `${name}-${role}-takes-over-${target.kind.toLowerCase().replace(" ", "-")}`,
          { accountRoleName: account.name, outboundPrivileges: "COPY", on: { all: grantedObjects(target, args) } },
          { ...gone, replacementTrigger: args.repairs[target.database], deleteBeforeReplace: true },
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

/**
 * What there may be already that another role made: the stack was deployed without roles of its own, the role was dropped
 * by hand, or somebody gave the object away. In a new database there is nothing. In production the layers' schemas are
 * dbt's as well.
 */
function takenOver(
  role: WorkshopRole,
  environment: Environment,
): readonly Extract<GrantTarget, { on: "futureObjects" }>[] {
  const all = (kind: ObjectKind, database: "raw" | "analytics", where: "schema" | "database") =>
    ({ on: "futureObjects", kind, in: where, database }) as const;
  if (role === "loader") return [all("TABLES", "raw", "schema")];
  if (role === "analyst") return [];
  return environment === "dev"
    ? OWNED.map((kind) => all(kind, "analytics", "schema"))
    : [...OWNED, "SCHEMAS" as const].map((kind) => all(kind, "analytics", "database"));
}

/** Kinds that dbt makes. */
const OWNED = ["TABLES", "VIEWS", "DYNAMIC TABLES"] as const;

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
      return { onSchemaObject: { future: grantedObjects(target, args) } };
  }
}

interface GrantedObjects {
  readonly objectTypePlural: string;
  readonly inSchema?: pulumi.Input<string>;
  readonly inDatabase?: pulumi.Input<string>;
}

function grantedObjects(target: Extract<GrantTarget, { on: "futureObjects" }>, args: AccessRolesArgs): GrantedObjects {
  const where = args[target.database];
  return {
    objectTypePlural: target.kind,
    ...(target.in === "schema" ? { inSchema: qualified(where) } : { inDatabase: where.database }),
  };
}

function qualified({ database, schema }: DatabaseAndSchema): pulumi.Output<string> {
  return pulumi.all([database, schema]).apply((path) => path.map((name) => `"${name}"`).join("."));
}
