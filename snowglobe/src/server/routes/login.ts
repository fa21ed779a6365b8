import { SnowflakeError } from "../../errors";
import type { LoginRequest } from "../../session/contract";
import { failure, success, type Answer } from "../http/answer";
import type { RouteRequest } from "../http/route";
import type { ServerContext } from "../context";
import type { TokenPair } from "../sessions";
import { clientParameters } from "../result/clientParameters";
import { isObject, parameterValues, textField } from "./wireValues";

/** Authenticators that mean user and password. */
const PASSWORD_AUTHENTICATORS = new Set(["", "SNOWFLAKE"]);

/** Authenticators that bring a token of their own. */
const TOKENS: Readonly<Record<string, NonNullable<LoginRequest["token"]>["kind"]>> = {
  SNOWFLAKE_JWT: "KEY PAIR",
  PROGRAMMATIC_ACCESS_TOKEN: "ACCESS TOKEN",
};

/** What the service answers to an authenticator that it cannot take; drivers act on the code. */
const REFUSED_AUTHENTICATORS: Readonly<Record<string, string>> = {
  OAUTH: "390303",
  ID_TOKEN: "390195",
  USERNAME_PASSWORD_MFA: "390120",
  EXTERNALBROWSER: "390190",
};
const REFUSED_OTHERWISE = "390100";

/** Bytes of a body that is read before anybody has proved who they are: some hundred times of what drivers send. */
const LOGIN_BYTES = 256 * 1024;

/** Seconds between checks that a driver may make; informational. */
const HEALTH_CHECK_SECONDS = 45;

/** POST /session/v1/login-request */
export async function login(context: ServerContext, request: RouteRequest): Promise<Answer> {
  try {
    const order = loginRequest(request.query, await request.body(LOGIN_BYTES));
    const { live, tokens } = context.sessions.open(await context.engine.login(order));
    const { session } = live;
    const { database, schema, warehouse, role } = session.current;
    return success({
      token: tokens.sessionToken,
      masterToken: tokens.masterToken,
      validityInSeconds: context.limits.sessionTokenSeconds,
      masterValidityInSeconds: context.limits.masterTokenSeconds,
      displayUserName: session.user,
      serverVersion: context.version,
      firstLogin: false,
      remMeToken: null,
      remMeValidityInSeconds: 0,
      healthCheckInterval: HEALTH_CHECK_SECONDS,
      newClientForUpgrade: null,
      sessionId: session.id,
      parameters: clientParameters(session),
      sessionInfo: { databaseName: database, schemaName: schema, warehouseName: warehouse, roleName: role },
      idToken: null,
      idTokenValidityInSeconds: 0,
      responseData: null,
      mfaToken: null,
      mfaTokenValidityInSeconds: 0,
    });
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return failure(error.code, error.message, { sqlState: error.sqlState, nextAction: "RETRY_LOGIN" });
  }
}

/** POST /session/token-request: new tokens for the bearer of the master token. */
export async function renewTokens(context: ServerContext, request: RouteRequest): Promise<Answer> {
  const body = await request.body(LOGIN_BYTES);
  const requestType = isObject(body) ? textField(body, "requestType") : undefined;
  if (requestType !== undefined && requestType !== "RENEW") {
    throw new SnowflakeError("000002", "0A000", `Unsupported feature 'token request ${requestType}'.`);
  }
  const { live, tokens } = context.sessions.renew(request.message.headers.authorization);
  return success(renewed(context, tokens, live.session.id));
}

function renewed(context: ServerContext, tokens: TokenPair, sessionId: number): Record<string, unknown> {
  return {
    sessionToken: tokens.sessionToken,
    validityInSecondsST: context.limits.sessionTokenSeconds,
    masterToken: tokens.masterToken,
    validityInSecondsMT: context.limits.masterTokenSeconds,
    sessionId,
  };
}

/** POST /session/authenticator-request: the start of a browser or Okta login. */
export async function refuseExternalLogin(): Promise<Answer> {
  return failure("390190", refusal("EXTERNALBROWSER"), { sqlState: "08001" });
}

function loginRequest(query: URLSearchParams, body: unknown): LoginRequest {
  const data = isObject(body) && isObject(body.data) ? body.data : {};
  const authenticator = (textField(data, "AUTHENTICATOR") ?? "").toUpperCase();
  const kind = TOKENS[authenticator];
  const refused =
    kind || PASSWORD_AUTHENTICATORS.has(authenticator) ? textField(data, "OAUTH_TYPE") && "OAUTH" : authenticator;
  if (refused) {
    throw new SnowflakeError(REFUSED_AUTHENTICATORS[refused] ?? REFUSED_OTHERWISE, "28000", refusal(refused));
  }
  return {
    user: textField(data, "LOGIN_NAME") ?? "",
    password: textField(data, "PASSWORD") ?? "",
    ...(kind && { token: { kind, text: textField(data, "TOKEN") ?? "" } }),
    databaseName: named(query, "databaseName"),
    schemaName: named(query, "schemaName"),
    warehouseName: named(query, "warehouse"),
    roleName: named(query, "roleName"),
    parameters: parameterValues(data.SESSION_PARAMETERS),
    clientApplication: textField(data, "CLIENT_APP_ID") ?? "",
    clientVersion: textField(data, "CLIENT_APP_VERSION") ?? "",
  };
}

/** A name in the request's address; some drivers send an empty one for what their user did not give. */
function named(query: URLSearchParams, key: string): string | undefined {
  return query.get(key) || undefined;
}

function refusal(authenticator: string): string {
  return `Authenticator '${authenticator}' is not supported by this server: log in with a password, a key pair or a programmatic access token.`;
}
