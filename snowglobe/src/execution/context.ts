import type { CommitRider } from "../account/commitRider";
import type { Catalog } from "../catalog/catalog";
import type { Role, User } from "../catalog/objects";
import type { ParameterValue } from "../catalog/parameters";
import type { StageLocation } from "../sql/ast/query";
import type { Statement } from "../sql/ast/statement";
import type { Transaction } from "../storage";
import type { Binds, SqlRelation, TypedValue } from "../translate/environment";
import type { AlertContext } from "./alertContext";
import type { CustomRefresh } from "./customRefresh";
import type { Instance } from "./instance";
import type { Outcome } from "./outcome";
import type { StatementResult } from "../account/result";
import type { CurrentTaskRun } from "./currentTaskRun";
import type { Microseconds } from "../time";

/** A variable made by SET. */
export interface SessionVariable extends TypedValue {
  readonly createdOn: Microseconds;
  readonly updatedOn: Microseconds;
}

/** What a session remembers between statements. Statements change it; the session owns it. */
export interface SessionState {
  readonly id: number;
  readonly user: User;
  /** The driver, as it calls itself at login; '' for the service itself. */
  readonly client: string;
  readonly clientVersion: string;
  /** Id of the primary role; null when it was dropped. */
  roleId: number | null;
  /** The role is that of an object's owner: the user need not have it. */
  readonly ofOwner?: boolean;
  secondaryRoles: "ALL" | "NONE";
  /** Within a view, function or policy: the session whose statement reads it, whose roles context functions tell. */
  readonly invoker?: SessionState;
  databaseId: number | null;
  schemaId: number | null;
  warehouseId: number | null;
  /** Runs on compute that the service provides: no warehouse is needed. */
  readonly serverless?: boolean;
  /** In the session of a running alert. */
  alert?: AlertContext;
  /** In the session of a running task. */
  readonly task?: CurrentTaskRun;
  /** Parameters set in this session, upper-cased names. */
  readonly parameters: Map<string, ParameterValue>;
  /** Variables made by SET, by upper-case name. */
  readonly variables: Map<string, SessionVariable>;
  transaction: { readonly storage: Transaction; readonly name: string; readonly startedOn: Microseconds } | null;
  /** Why the service aborted the session's transaction, until the session has been told. */
  abortedTransaction?: string;
  /** Id of the transaction that ended last in this session. */
  lastTransaction?: string;
  /** Ids of this session's statements, newest first, bounded. */
  readonly queryIds: string[];
}

/** Relations over staged files. */
export interface StagedRelations {
  /** The text that holds the sources; a view's own has others. */
  readonly text: string;
  /** By where the source begins in the text. */
  readonly sources: ReadonlyMap<number, SqlRelation>;
  /** Results of INFER_SCHEMA by its location. */
  readonly schemas: ReadonlyMap<string, SqlRelation>;
}

/** One statement on its way: all that its handler may touch. */
export interface StatementContext {
  readonly instance: Instance;
  readonly session: SessionState;
  /** The text that the statement's spans refer to. */
  readonly text: string;
  readonly queryId: string;
  readonly binds: Binds;
  /** What the statement's own stages hold, and its INFER_SCHEMA: files are looked into before names are bound. */
  readonly staged?: StagedRelations;
  /** Rows of an array bind, whose columns `binds` refers to. */
  readonly boundRows?: SqlRelation;
  readonly describeOnly: boolean;
  readonly signal: AbortSignal;
  /** When the statement began. */
  readonly startedOn: Microseconds;
  /** Results of the statements before this one in a `->>` pipe, the nearest first. */
  readonly pipe: readonly StatementResult[];
  /** In the refresh of a dynamic table with REFRESH USING. */
  readonly custom?: CustomRefresh;
  /** In a procedure that a query selects from: nothing may be changed. */
  readonly reading?: true;
  /** How many EXECUTE IMMEDIATE stand around this statement; absent: none. */
  readonly depth?: number;
  /** The staged file of EXECUTE IMMEDIATE FROM in which the statement stands, and how deep it is among such files. */
  readonly file?: { readonly location: StageLocation; readonly depth: number };
  /** Runs a statement inside this one (pipe, EXECUTE IMMEDIATE, a block's body). */
  run(
    statement: Statement,
    text: string,
    more?: Partial<Pick<StatementContext, "pipe" | "binds" | "queryId" | "depth" | "session" | "reading" | "file">>,
  ): Promise<Outcome>;
}

/** A statement's meaning: one for each kind of node, see registry.ts. */
export type Handler<S extends Statement = Statement> = (statement: S, context: StatementContext) => Promise<Outcome>;

/** The roles that count for a session, while neither the catalog nor the session's choice changes. */
interface KnownRoles {
  readonly generation: number;
  readonly roleId: number | null;
  readonly secondaryRoles: SessionState["secondaryRoles"];
  readonly roles: readonly Role[];
}

const knownRoles = new WeakMap<SessionState, KnownRoles>();

/** The roles whose privileges count for a statement: the primary one, and all of the user's when secondary roles are on. */
export function activeRoles(session: SessionState, catalog: Catalog): readonly Role[] {
  const { roleId, secondaryRoles } = session;
  const { generation } = catalog;
  const known = knownRoles.get(session);
  if (known?.generation === generation && known.roleId === roleId && known.secondaryRoles === secondaryRoles) {
    return known.roles;
  }
  const roles: Role[] = [];
  const primary = roleId === null ? undefined : catalog.object(roleId);
  if (primary?.kind === "ROLE" && isGranted(primary, session, catalog)) roles.push(primary);
  if (secondaryRoles === "ALL") roles.push(...rolesOfUser(session.user, catalog));
  // Whoever is logged in has PUBLIC.
  const everyone = catalog.find("ROLE", 0, "PUBLIC");
  if (roles.length === 0 && everyone) roles.push(everyone);
  knownRoles.set(session, { generation, roleId, secondaryRoles, roles });
  return roles;
}

/** Whether a session's primary role is still its user's: one that was revoked since counts no more. */
function isGranted(role: Role, { ofOwner, user }: SessionState, catalog: Catalog): boolean {
  if (ofOwner) return true;
  const seen = new Set<number>();
  const open = rolesOfUser(user, catalog).map((one) => one.id);
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    if (one === role.id) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    open.push(...catalog.grantsTo("ROLE", one).map((grant) => grant.objectId));
  }
  return false;
}

/** Roles granted to the user directly, and PUBLIC. */
export function rolesOfUser(user: User, catalog: Catalog): Role[] {
  const roles = catalog
    .grantsTo("USER", user.id)
    .map((grant) => catalog.object(grant.objectId))
    .filter((object): object is Role => object?.kind === "ROLE");
  const everyone = catalog.find("ROLE", 0, "PUBLIC");
  return everyone ? [...roles, everyone] : roles;
}

/** What the session's next commit has to take along: the record of an alert's run. */
export function riderOf(session: SessionState): CommitRider | undefined {
  const record = session.alert?.record;
  return record?.pending ? record : undefined;
}
