import type { Identifier, ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CreateOptions, ObjectKind, TagAssignment } from "./common";

export interface CreateRole extends Node, CreateOptions {
  readonly kind: "createRole";
  readonly name: ObjectName;
  readonly tags: readonly TagAssignment[];
  readonly properties: readonly Property[];
}
export interface CreateDatabaseRole extends Node, CreateOptions {
  readonly kind: "createDatabaseRole";
  readonly name: ObjectName;
  readonly properties: readonly Property[];
}
export interface CreateUser extends Node, CreateOptions {
  readonly kind: "createUser";
  readonly name: ObjectName;
  readonly tags: readonly TagAssignment[];
  readonly properties: readonly Property[];
}
export interface AlterRole extends Node, AlterTarget {
  readonly kind: "alterRole";
  readonly databaseRole: boolean;
  readonly action: CommonAlterAction;
}
export interface AlterUser extends Node {
  readonly kind: "alterUser";
  /** Absent: the current user. */
  readonly name?: ObjectName;
  readonly ifExists: boolean;
  readonly action:
    | CommonAlterAction
    | { readonly action: "abortAllQueries" }
    | {
        readonly action: "addToken";
        readonly name: Identifier;
        readonly ifNotExists: boolean;
        readonly properties: readonly Property[];
      }
    | { readonly action: "removeToken"; readonly name: Identifier };
}
export interface AlterAccount extends Node {
  readonly kind: "alterAccount";
  readonly action: CommonAlterAction;
}

/** GRANT and REVOKE of privileges. Source: "GRANT <privileges>", "REVOKE <privileges>". */
export interface GrantPrivileges extends Node {
  readonly kind: "grantPrivileges" | "revokePrivileges";
  /** Upper-cased, e.g. `CREATE DYNAMIC TABLE`; "ALL" for ALL [PRIVILEGES]. */
  readonly privileges: "ALL" | readonly string[];
  readonly on: GrantTarget;
  readonly grantee: Grantee;
  /** GRANT ... WITH GRANT OPTION, REVOKE GRANT OPTION FOR ... */
  readonly grantOption: boolean;
  readonly behavior?: "CASCADE" | "RESTRICT";
}
/** GRANT [DATABASE] ROLE r TO ..., and its REVOKE. */
export interface GrantRole extends Node {
  readonly kind: "grantRole" | "revokeRole";
  readonly role: ObjectName;
  readonly databaseRole: boolean;
  readonly grantee: Grantee;
}
export interface GrantOwnership extends Node {
  readonly kind: "grantOwnership";
  readonly on: GrantTarget;
  readonly grantee: Grantee;
  /** COPY | REVOKE CURRENT GRANTS. */
  readonly currentGrants?: "COPY" | "REVOKE";
}
export type GrantTarget =
  | { readonly kind: "account" }
  /** Without a kind word (`ON d.s.x`) `objectKind` is TABLE and `implied` is true: any relation of that name. */
  | {
      readonly kind: "object";
      readonly objectKind: ObjectKind;
      readonly name: ObjectName;
      readonly implied?: boolean;
      /** Type names as written, of functions and procedures. */
      readonly argumentTypes?: readonly string[];
    }
  | {
      readonly kind: "all" | "future";
      readonly objectKind: ObjectKind;
      readonly in: { readonly kind: "SCHEMA" | "DATABASE" | "ACCOUNT"; readonly name?: ObjectName };
    };
export interface Grantee {
  /** ROLE where the statement has no kind word. */
  readonly kind: "ROLE" | "DATABASE ROLE" | "USER" | "SHARE" | "APPLICATION" | "APPLICATION ROLE";
  readonly name: ObjectName;
}

/** USE [ROLE | WAREHOUSE | DATABASE | SCHEMA] name; plain `USE d` is a database, `USE d.s` a schema. */
export interface Use extends Node {
  readonly kind: "use";
  readonly objectKind: "ROLE" | "WAREHOUSE" | "DATABASE" | "SCHEMA";
  readonly name: ObjectName;
}
export interface UseSecondaryRoles extends Node {
  readonly kind: "useSecondaryRoles";
  readonly roles: "ALL" | "NONE" | readonly Identifier[];
}
