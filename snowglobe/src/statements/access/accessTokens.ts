import { createHash, randomBytes } from "node:crypto";
import type { AccessToken, User } from "../../catalog/objects";
import { compilationError, insufficientPrivileges, unsupported } from "../../errors";
import type { StatementOf } from "../../sql/ast/statement";
import { owns } from "../../execution/authorize";
import { rolesOfUser, type StatementContext } from "../../execution/context";
import { findOnAccount } from "../../execution/lookup";
import type { ShowHandler } from "../../execution/listing";
import { INTEGER, rows, status, succeeded, TEXT, TIMESTAMP, type Outcome } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import { StatementType } from "../../account/statementType";

/** Tokens that a user may have, disabled ones among them. Source: "ALTER USER ... ADD PROGRAMMATIC ACCESS TOKEN". */
const MOST_TOKENS = 15;
const DEFAULT_DAYS = 15;
const MOST_DAYS = 365;
const DAY = 86_400 * 1e6;
/** Expired tokens are listed for so long. Source: "SHOW USER PROGRAMMATIC ACCESS TOKENS", usage notes. */
const LISTED_AFTER_EXPIRY = 7 * DAY;
const SECRET_BYTES = 48;

type Action = StatementOf<"alterUser">["action"];
export type TokenAction = Extract<Action, { action: "addToken" | "removeToken" }>;

/** How a secret is kept. */
export function tokenHash(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}

export function isTokenAction(action: Action): action is TokenAction {
  return action.action === "addToken" || action.action === "removeToken";
}

/** ALTER USER ... ADD | REMOVE PROGRAMMATIC ACCESS TOKEN. A user may do so for itself. */
export async function alterTokens(action: TokenAction, user: User, context: StatementContext): Promise<Outcome> {
  if (user.id !== context.session.user.id && !owns(context, user)) throw insufficientPrivileges("user", user.name);
  const tokens = user.tokens ?? [];
  const name = action.name.name;
  const existing = tokens.find((token) => token.name === name);
  if (action.action === "removeToken") {
    if (!existing) throw compilationError(`Programmatic access token '${name}' does not exist.`, "002003", "02000");
    await change(user, without(tokens, name), context);
    return succeeded();
  }
  if (existing) {
    if (action.ifNotExists) return status(`${name} already exists, statement succeeded.`);
    throw compilationError(`Object '${name}' already exists.`, "002002", "42710");
  }
  const current = tokens.filter((token) => token.expiresOn > context.startedOn);
  if (current.length >= MOST_TOKENS) {
    throw compilationError(
      `User '${user.name}' has ${MOST_TOKENS} programmatic access tokens already.`,
      "001022",
      "54000",
    );
  }
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  await change(user, [...tokens, token(action, name, secret, user, context)], context);
  return rows(
    [
      ["token_name", TEXT],
      ["token_secret", TEXT],
    ],
    [[name, secret]],
    StatementType.DDL,
  );
}

function token(
  action: Extract<TokenAction, { action: "addToken" }>,
  name: string,
  secret: string,
  user: User,
  context: StatementContext,
): AccessToken {
  const properties = new Properties(action.properties, context);
  const restriction = properties.text("ROLE_RESTRICTION");
  const service = ["SERVICE", "LEGACY_SERVICE"].includes((user.properties.TYPE ?? "").toUpperCase());
  if (service && restriction === undefined) {
    throw compilationError("A service user's programmatic access token needs a ROLE_RESTRICTION.", "001422", "22023");
  }
  const { catalog, privileges } = context.instance;
  const role = restriction === undefined ? undefined : findOnAccountByText(context, restriction);
  if (role && !rolesOfUser(user, catalog).some((one) => privileges.inherited(one).has(role.id))) {
    throw compilationError(`Role '${role.name}' is not granted to user '${user.name}'.`, "003013", "42501");
  }
  if (properties.integer("MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT", 0, 1440)) {
    throw unsupported("MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT");
  }
  const days = properties.integer("DAYS_TO_EXPIRY", 1, MOST_DAYS) ?? DEFAULT_DAYS;
  const made = {
    name,
    hash: tokenHash(secret),
    role: role?.name ?? null,
    createdOn: context.startedOn,
    createdBy: context.session.user.name,
    expiresOn: context.startedOn + days * DAY,
    comment: properties.text("COMMENT") ?? "",
  };
  properties.done();
  return made;
}

function findOnAccountByText(context: StatementContext, name: string): { readonly id: number; readonly name: string } {
  const span = { start: 0, end: 0 };
  return findOnAccount(context, "ROLE", [{ name: name.toUpperCase(), quoted: false, span }]);
}

function without(tokens: readonly AccessToken[], name: string): AccessToken[] {
  return tokens.filter((token) => token.name !== name);
}

async function change(user: User, tokens: readonly AccessToken[], context: StatementContext): Promise<void> {
  await context.instance.change({ signal: context.signal }, async (_, begin) =>
    (await begin()).put({ ...user, tokens }),
  );
}

/** Source: "SHOW USER PROGRAMMATIC ACCESS TOKENS". */
export const showAccessTokens: ShowHandler = async (statement, context) => {
  const named = statement.scope?.name;
  const user = named
    ? findOnAccount(context, "USER", named)
    : context.instance.catalog.require("USER", context.session.user.id);
  if (user.id !== context.session.user.id && !owns(context, user)) throw insufficientPrivileges("user", user.name);
  const now = context.instance.clock.now();
  const listed = (user.tokens ?? []).filter((one) => one.expiresOn + LISTED_AFTER_EXPIRY > now);
  return rows(
    [
      ["name", TEXT],
      ["user_name", TEXT],
      ["role_restriction", TEXT],
      ["expires_at", TIMESTAMP],
      ["status", TEXT],
      ["comment", TEXT],
      ["created_on", TIMESTAMP],
      ["created_by", TEXT],
      ["mins_to_bypass_required_network_policy", INTEGER],
    ],
    listed.map((one) => [
      one.name,
      user.name,
      one.role,
      one.expiresOn,
      one.expiresOn <= now ? "EXPIRED" : user.disabled ? "DISABLED" : "ACTIVE",
      one.comment,
      one.createdOn,
      one.createdBy,
      null,
    ]),
    StatementType.SHOW,
  );
};
