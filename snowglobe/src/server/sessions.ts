import { createHash, randomBytes } from "node:crypto";
import { SnowflakeError } from "../errors";
import type { ClientSession } from "../session/contract";
import type { ServerLimits, ServerLogger } from "./options";
import type { SubmittedStatement, StatementOwner } from "./statements";

/** A session as the server keeps it. */
export interface LiveSession extends StatementOwner {
  /** Keys of the tokens issued, oldest first. */
  readonly tokenKeys: string[];
}

/** A pair of tokens as a client gets them. */
export interface TokenPair {
  readonly sessionToken: string;
  readonly masterToken: string;
}

interface TokenRecord {
  readonly live: LiveSession;
  readonly kind: "session" | "master";
  /** Milliseconds since the epoch; a master token lives by the session's last use instead. */
  readonly expires: number;
}

/** Tokens of a session that are still known after renewals: requests under way may carry an older one. */
const TOKENS_PER_SESSION = 8;
/** Tokens of closed sessions that are remembered, to say "gone" rather than "invalid". */
const REMEMBERED_CLOSED_TOKENS = 4096;

/**
 * The sessions of this server and their tokens. A session token holds for a fixed time and is renewed with the master
 * token; every request pushes the end of an idle session further away. Tokens are 256 random bits and kept as hashes.
 * Source: "Snowflake sessions and session policies".
 */
export class SessionStore {
  readonly #tokens = new Map<string, TokenRecord>();
  readonly #closedTokens = new Set<string>();
  readonly #sessions = new Set<LiveSession>();
  readonly #sweeper: NodeJS.Timeout;

  constructor(
    private readonly limits: ServerLimits,
    private readonly logger: ServerLogger,
  ) {
    const every = Math.min(60_000, Math.max(100, (limits.masterTokenSeconds * 1000) / 4));
    this.#sweeper = setInterval(() => this.#closeIdle(), every).unref();
  }

  open(session: ClientSession): { readonly live: LiveSession; readonly tokens: TokenPair } {
    const live = {
      session,
      requests: new Map(),
      running: new Set<SubmittedStatement>(),
      lastUsed: Date.now(),
      tokenKeys: [],
    };
    this.#sessions.add(live);
    return { live, tokens: this.#issue(live) };
  }

  /**
   * The session of a request.
   *
   * @param authorization the header `Snowflake Token="..."`
   * @throws SnowflakeError 390112 expired (the driver renews and repeats), 390111 session closed, 390104 unknown token
   */
  authenticate(authorization: string | undefined): LiveSession {
    const key = tokenKey(authorization);
    const record = this.#tokens.get(key);
    if (record?.kind !== "session") throw this.#unknownToken(key);
    if (Date.now() >= record.expires) {
      throw new SnowflakeError("390112", "08001", "The session token has expired and must be renewed.");
    }
    if (record.live.session.ended) {
      void this.#closeLogged(record.live);
      throw sessionGone();
    }
    record.live.lastUsed = Date.now();
    return record.live;
  }

  /**
   * A new pair of tokens for the bearer of a master token. The session goes on.
   *
   * @throws SnowflakeError 390114 when the session was idle longer than a master token lives, 390111, 390104
   */
  renew(authorization: string | undefined): { readonly live: LiveSession; readonly tokens: TokenPair } {
    const key = tokenKey(authorization);
    const record = this.#tokens.get(key);
    if (record?.kind !== "master") throw this.#unknownToken(key);
    if (record.live.session.ended) throw sessionGone();
    if (this.#isIdle(record.live)) {
      throw new SnowflakeError(
        "390114",
        "08001",
        "Authentication token has expired.  The user must authenticate again.",
      );
    }
    record.live.lastUsed = Date.now();
    return { live: record.live, tokens: this.#issue(record.live) };
  }

  /** Cancels what runs in a session, then closes it. */
  async close(live: LiveSession): Promise<void> {
    if (!this.#sessions.delete(live)) return;
    for (const key of live.tokenKeys) this.#forget(key);
    for (const statement of live.running) statement.abort();
    await Promise.all([...live.running].map((statement) => statement.settled));
    live.requests.clear();
    await live.session.close();
  }

  /** Closes all sessions and stops watching for idle ones. Failures are logged. */
  async closeAll(): Promise<void> {
    clearInterval(this.#sweeper);
    await Promise.all([...this.#sessions].map((live) => this.#closeLogged(live)));
  }

  #issue(live: LiveSession): TokenPair {
    const sessionToken = randomBytes(32).toString("base64url");
    const masterToken = randomBytes(32).toString("base64url");
    const expires = Date.now() + this.limits.sessionTokenSeconds * 1000;
    this.#remember(sessionToken, { live, kind: "session", expires });
    this.#remember(masterToken, { live, kind: "master", expires: Infinity });
    while (live.tokenKeys.length > TOKENS_PER_SESSION) this.#tokens.delete(live.tokenKeys.shift()!);
    return { sessionToken, masterToken };
  }

  #remember(token: string, record: TokenRecord): void {
    const key = hash(token);
    this.#tokens.set(key, record);
    record.live.tokenKeys.push(key);
  }

  #forget(key: string): void {
    this.#tokens.delete(key);
    this.#closedTokens.add(key);
    if (this.#closedTokens.size > REMEMBERED_CLOSED_TOKENS) {
      this.#closedTokens.delete(this.#closedTokens.values().next().value!);
    }
  }

  #unknownToken(key: string): SnowflakeError {
    return this.#closedTokens.has(key)
      ? sessionGone()
      : new SnowflakeError("390104", "08001", "The token is not valid for this server.  New login required.");
  }

  #isIdle(live: LiveSession): boolean {
    return live.running.size === 0 && Date.now() - live.lastUsed >= this.limits.masterTokenSeconds * 1000;
  }

  #closeIdle(): void {
    for (const live of this.#sessions) if (this.#isIdle(live)) void this.#closeLogged(live);
  }

  async #closeLogged(live: LiveSession): Promise<void> {
    try {
      await this.close(live);
    } catch (error) {
      this.logger.error(`session ${live.session.id} did not close cleanly`, error);
    }
  }
}

function tokenKey(authorization: string | undefined): string {
  return hash(/^Snowflake Token="([^"]*)"$/.exec(authorization?.trim() ?? "")?.[1] ?? "");
}

function hash(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}

function sessionGone(): SnowflakeError {
  return new SnowflakeError("390111", "08001", "Session no longer exists.  New login required to access the service.");
}
