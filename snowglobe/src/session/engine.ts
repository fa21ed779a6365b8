import { parameterDefinition, parameterValue, type ParameterValue } from "../catalog/parameters";
import type { CatalogObject, Role, User } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import { SnowflakeError } from "../errors";
import { parseObjectName } from "../sql";
import { activeRoles, rolesOfUser, type SessionState } from "../execution/context";
import type { Instance } from "../execution/instance";
import { tokenHash } from "../statements/access/accessTokens";
import { passwordMatches } from "../statements/access/password";
import type { StatementResult } from "../account/result";
import type { ClientSession, LoginRequest, SnowglobeEngine } from "./contract";
import { userOfKeyPair } from "./keyPairLogin";
import { LoginAttempts } from "./loginAttempts";
import { Session } from "./session";

/** What the server knows of an instance: logins and kept results. */
export class Engine implements SnowglobeEngine {
  private readonly sessions = new Map<number, Session>();
  private readonly attempts: LoginAttempts;
  private lastSession = 0;

  constructor(readonly instance: Instance) {
    this.attempts = new LoginAttempts(instance.clock);
    instance.onCatalogChange(() => this.endUnwelcome());
  }

  get stageRoot(): string {
    return this.instance.settings.stageRoot;
  }

  async login(request: LoginRequest): Promise<ClientSession> {
    const { user, onlyRole } = await this.authenticated(request);
    const roleId = this.roleOf(user, onlyRole ?? request.roleName)?.id ?? null;
    if (onlyRole && request.roleName && fold(request.roleName) !== onlyRole) throw roleNotGranted(request.roleName);
    const { catalog } = this.instance;
    const state: SessionState = {
      id: ++this.lastSession,
      user,
      client: request.clientApplication,
      clientVersion: request.clientVersion ?? "",
      roleId,
      secondaryRoles: !onlyRole && user.properties.DEFAULT_SECONDARY_ROLES === "ALL" ? "ALL" : "NONE",
      databaseId: null,
      schemaId: null,
      warehouseId: null,
      parameters: new Map([...sessionParameters(user.parameters), ...sessionParameters(request.parameters)]),
      variables: new Map(),
      transaction: null,
      queryIds: [],
    };
    // Defaults that do not exist, or not for this role, are left out: the session begins without them, as the service
    // does it for drivers.
    const roles = activeRoles(state, catalog);
    const visible = <T extends CatalogObject>(object: T | undefined): T | undefined =>
      object && this.instance.privileges.seesWithin(roles, object) ? object : undefined;
    const [databaseName, schemaName = "PUBLIC"] = namespaceOf(request, user);
    const database = databaseName === undefined ? undefined : visible(catalog.database(databaseName));
    if (database) {
      state.databaseId = database.id;
      state.schemaId = visible(catalog.schema(database.id, schemaName))?.id ?? null;
    }
    const warehouse = request.warehouseName ?? user.properties.DEFAULT_WAREHOUSE;
    if (warehouse) state.warehouseId = visible(catalog.find("WAREHOUSE", ACCOUNT, fold(warehouse)))?.id ?? null;
    const session = new Session(this.instance, state, () => this.sessions.delete(state.id));
    this.sessions.set(state.id, session);
    return session;
  }

  result(userId: number, queryId: string): StatementResult | undefined {
    return this.instance.results.find(userId, queryId);
  }

  /** Ends all sessions: transactions are rolled back, temporary objects go. */
  async close(): Promise<void> {
    for (const session of [...this.sessions.values()]) await session.close();
    await this.instance.results.close();
  }

  /** A user who was dropped or disabled is out at once. Source: "ALTER USER", DISABLED. */
  private endUnwelcome(): void {
    for (const session of this.sessions.values()) {
      const user = this.instance.catalog.object(session.state.user.id);
      const isWelcome = user?.kind === "USER" && user.droppedOn === undefined && !user.disabled;
      // Whoever disables themselves has an answer to get first.
      if (!isWelcome && !session.ended) void session.terminate().catch(() => undefined);
    }
  }

  /** Who logs in, and the one role that the session may have, if the credential says so. */
  private async authenticated(request: LoginRequest): Promise<{ readonly user: User; readonly onlyRole?: string }> {
    const { token } = request;
    if (token?.kind === "KEY PAIR") {
      return { user: enabled(userOfKeyPair(token.text, request.user, (name) => this.named(name))) };
    }
    const bearer = this.bearer(token?.text ?? request.password, request.user);
    if (bearer) return { user: enabled(bearer.user), ...(bearer.role !== null && { onlyRole: bearer.role }) };
    if (token) throw new SnowflakeError("394400", "08001", "Programmatic access token is invalid.");
    return { user: await this.userOf(request) };
  }

  private named(loginName: string): User | undefined {
    return this.instance.catalog
      .list("USER")
      .find((user) => (user.properties.LOGIN_NAME ?? user.name).toUpperCase() === loginName.toUpperCase());
  }

  /** Whose programmatic access token a text is. The secret is 384 random bits: its digest may be compared as it is. */
  private bearer(secret: string, loginName: string): { readonly user: User; readonly role: string | null } | undefined {
    const hash = tokenHash(secret);
    const users = loginName === "" ? this.instance.catalog.list("USER") : [this.named(loginName)];
    for (const user of users) {
      const token = user?.tokens?.find((one) => one.hash === hash && one.expiresOn > this.instance.clock.now());
      if (user && token) return { user, role: token.role };
    }
    return undefined;
  }

  private async userOf(request: LoginRequest): Promise<User> {
    const found = this.named(request.user);
    const matches = await passwordMatches(request.password, found?.passwordHash ?? null);
    if (found) this.attempts.requireUnlocked(found.id);
    if (!found || !matches) {
      if (found) this.attempts.failed(found.id);
      throw new SnowflakeError("390100", "08001", "Incorrect username or password was specified.");
    }
    this.attempts.succeeded(found.id);
    return enabled(found);
  }

  /** The role asked for, the user's default, or PUBLIC. */
  private roleOf(user: User, asked: string | undefined): Role | undefined {
    const { catalog, privileges } = this.instance;
    const own = rolesOfUser(user, catalog);
    const wanted = asked ?? user.properties.DEFAULT_ROLE;
    const role = wanted ? catalog.find("ROLE", ACCOUNT, fold(wanted)) : undefined;
    const granted = role && own.some((one) => privileges.inherited(one).has(role.id));
    if (granted) return role;
    if (asked) {
      throw roleNotGranted(asked);
    }
    return catalog.find("ROLE", ACCOUNT, "PUBLIC");
  }
}

/** @throws SnowflakeError 390101 */
function enabled(user: User): User {
  if (!user.disabled) return user;
  throw new SnowflakeError("390101", "08001", "User access disabled. Contact your local system administrator.");
}

function roleNotGranted(role: string): SnowflakeError {
  return new SnowflakeError(
    "390189",
    "08001",
    `Role '${role}' specified in the connect string does not exist or is not authorized. Contact your local system administrator, or attempt to login with another role, e.g. PUBLIC.`,
  );
}

/** Database and schema as asked for, else by the user's default namespace. */
function namespaceOf(request: LoginRequest, user: User): (string | undefined)[] {
  const { DEFAULT_NAMESPACE } = user.properties;
  const usual = DEFAULT_NAMESPACE ? parseObjectName(DEFAULT_NAMESPACE).map((part) => part.name) : [];
  const schema = request.schemaName ? fold(request.schemaName) : undefined;
  return request.databaseName ? [fold(request.databaseName), schema] : [usual[0], schema ?? usual[1]];
}

/** A name of the login as an identifier: unquoted text folds; what is no identifier is the name itself. */
function fold(name: string): string {
  try {
    const parts = parseObjectName(name);
    return parts.length === 1 ? parts[0]!.name : name;
  } catch {
    return name;
  }
}

/** Session parameters of the login; names that are not Snowflake's are the driver's own affair. */
function sessionParameters(given: Readonly<Record<string, ParameterValue>>): (readonly [string, ParameterValue])[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const definition = parameterDefinition(name);
    if (!definition?.levels.includes("SESSION")) return [];
    return [[definition.name, parameterValue(definition.name, value)] as const];
  });
}
