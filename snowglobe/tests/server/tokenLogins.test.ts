/** Logins without a password: key pairs and programmatic access tokens. */
import { createHash, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import snowflake from "snowflake-sdk";
import { PASSWORD, startSnowglobe, type TestClient, type TestSnowglobe } from "../server";
import { describeConnectors, PythonClient } from "./pythonClient";
import { RawClient, type Envelope } from "./rawClient";

let snowglobe: TestSnowglobe;
let admin: TestClient;

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const others = generateKeyPairSync("rsa", { modulusLength: 2048 });

function base64(key: KeyObject): string {
  return key.export({ type: "spki", format: "der" }).toString("base64");
}

function fingerprint(key: KeyObject): string {
  return `SHA256:${createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64")}`;
}

beforeAll(async () => {
  snowglobe = await startSnowglobe();
  admin = await snowglobe.connect();
  await admin.run(
    "create role reader",
    "create role writer",
    `create user ada rsa_public_key = '${base64(keys.publicKey)}' default_role = reader`,
    "grant role reader to user ada",
    "grant role writer to user ada",
  );
});
afterAll(() => snowglobe.stop());

interface TokenOptions {
  readonly user?: string;
  readonly signer?: KeyObject;
  readonly claimed?: KeyObject;
  readonly issued?: number;
  readonly expires?: number;
  readonly algorithm?: string;
}

function jwt(options: TokenOptions = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const subject = `LOCAL.${options.user ?? "ADA"}`;
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ alg: options.algorithm ?? "RS256", typ: "JWT" });
  const body = part({
    iss: `${subject}.${fingerprint(options.claimed ?? keys.publicKey)}`,
    sub: subject,
    iat: options.issued ?? now,
    exp: options.expires ?? now + 60,
  });
  const signature = createSign("RSA-SHA256")
    .update(`${head}.${body}`)
    .sign(options.signer ?? keys.privateKey, "base64url");
  return `${head}.${body}.${signature}`;
}

function login(data: Record<string, unknown>, query = ""): Promise<Envelope> {
  return new RawClient(snowglobe.port).login({ PASSWORD: undefined, ...data }, query);
}

const byKey = (token: string, name: string | undefined = "ADA"): Promise<Envelope> =>
  login({ LOGIN_NAME: name, AUTHENTICATOR: "SNOWFLAKE_JWT", TOKEN: token });

describe("key pairs", () => {
  const seconds = Math.floor(Date.now() / 1000);

  test.each([
    ["a token in seconds", jwt()],
    [
      "a token in milliseconds, as one driver sends it",
      jwt({ issued: seconds * 1000, expires: (seconds + 60) * 1000 }),
    ],
  ])("%s", async (_, token) => {
    const { success, data } = await byKey(token);
    expect(success).toBe(true);
    expect(data).toMatchObject({ displayUserName: "ADA", sessionInfo: { roleName: "READER" } });
  });

  test("a token without a login name beside it", async () => {
    const answer = await login({ LOGIN_NAME: undefined, AUTHENTICATOR: "SNOWFLAKE_JWT", TOKEN: jwt() });
    expect(answer.data).toMatchObject({ displayUserName: "ADA" });
  });

  test.each([
    ["signed by another key", jwt({ signer: others.privateKey })],
    ["of a key that is not the user's", jwt({ signer: others.privateKey, claimed: others.publicKey })],
    ["that has expired", jwt({ issued: seconds - 600, expires: seconds - 500 })],
    ["older than an hour, whatever it says", jwt({ issued: seconds - 3_700, expires: seconds + 600 })],
    ["of the future", jwt({ issued: seconds + 600, expires: seconds + 700 })],
    ["of nobody", jwt({ user: "NOBODY" })],
    ["of a user without a key", jwt({ user: "ADMIN" })],
    ["without a signature", jwt({ algorithm: "none" })],
    ["that is none", "x.y.z"],
    ["that is empty", ""],
  ])("a token %s is refused", async (_, token) => {
    const name = token.includes(".") ? undefined : "ADA";
    expect(await login({ LOGIN_NAME: name, AUTHENTICATOR: "SNOWFLAKE_JWT", TOKEN: token })).toMatchObject({
      success: false,
      code: "390144",
      message: expect.stringMatching(/^JWT token is invalid\. \[[0-9a-f-]{36}\]$/) as string,
    });
  });

  test("a token does not speak for another login name, nor for a disabled user", async () => {
    expect((await byKey(jwt(), "ADMIN")).code).toBe("390144");
    await admin.run("alter user ada set disabled = true");
    expect((await byKey(jwt())).code).toBe("390101");
    await admin.run("alter user ada set disabled = false");
  });

  test("rotation by the second key", async () => {
    const second = jwt({ signer: others.privateKey, claimed: others.publicKey });
    await admin.run(`alter user ada set rsa_public_key_2 = '${base64(others.publicKey)}'`);
    expect([(await byKey(jwt())).success, (await byKey(second)).success]).toEqual([true, true]);
    await admin.run("alter user ada unset rsa_public_key_2");
    expect((await byKey(second)).code).toBe("390144");
  });

  test("DESCRIBE USER shows fingerprints, and the text null where nothing is set", async () => {
    const rows = await admin.rows("describe user ada");
    const value = (name: string): unknown => rows.find(({ property }) => property === name);
    expect(value("RSA_PUBLIC_KEY_FP")).toMatchObject({ value: fingerprint(keys.publicKey), default: "null" });
    expect(value("RSA_PUBLIC_KEY_2_FP")).toMatchObject({ value: "null", default: "null" });
    expect(value("DISABLED")).toMatchObject({ value: "false", default: "false" });
    expect(value("PASSWORD")).toMatchObject({ value: "null" });
  });

  test("what is no public key is refused", async () => {
    const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
    for (const key of ["nonsense", base64(weak), "-----BEGIN PUBLIC KEY-----"]) {
      expect((await admin.failure(`alter user ada set rsa_public_key = '${key}'`)).message).toMatch(/RSA_PUBLIC_KEY/);
    }
  });

  test("snowflake-sdk", async () => {
    const connection = snowflake.createConnection({
      account: "local",
      accessUrl: `http://127.0.0.1:${snowglobe.port}`,
      username: "ada",
      authenticator: "SNOWFLAKE_JWT",
      privateKey: keys.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    });
    await connection.connectAsync(() => undefined);
    await new Promise((resolve) => connection.destroy(resolve));
  });
});

describe("programmatic access tokens", () => {
  async function made(options = ""): Promise<string> {
    const { token_name, token_secret } = await admin.row(`alter user ada add programmatic access token t ${options}`);
    expect(token_name).toBe("T");
    return token_secret as string;
  }
  afterEach(() => admin.run("alter user ada remove pat t"));
  const byToken = (token: string, query = ""): Promise<Envelope> =>
    login({ LOGIN_NAME: "ADA", AUTHENTICATOR: "PROGRAMMATIC_ACCESS_TOKEN", TOKEN: token }, query);

  test("in the token's place, and in the password's", async () => {
    const token = await made();
    expect((await byToken(token)).data).toMatchObject({ displayUserName: "ADA" });
    expect((await login({ LOGIN_NAME: "ADA", PASSWORD: token })).data).toMatchObject({ displayUserName: "ADA" });
  });

  test("a token of another user, a wrong one, and an expired one are refused", async () => {
    const token = await made("days_to_expiry = 1");
    expect(
      (await login({ LOGIN_NAME: "ADMIN", AUTHENTICATOR: "PROGRAMMATIC_ACCESS_TOKEN", TOKEN: token })).success,
    ).toBe(false);
    expect((await byToken("wrong")).code).toBe("394400");
    await snowglobe.advance(86_400);
    expect((await byToken(token)).success).toBe(false);
    expect(await admin.rows("show user programmatic access tokens for user ada")).toMatchObject([
      { name: "T", status: "EXPIRED" },
    ]);
  });

  test("ROLE_RESTRICTION is the session's only role", async () => {
    const token = await made("role_restriction = 'WRITER'");
    expect((await byToken(token)).data).toMatchObject({ sessionInfo: { roleName: "WRITER" } });
    expect((await byToken(token, "?roleName=READER")).code).toBe("390189");
    await admin.run("revoke role writer from user ada");
    expect((await byToken(token)).code).toBe("390189");
    await admin.run("grant role writer to user ada");
    expect((await admin.failure("alter user ada add pat u role_restriction = 'SYSADMIN'")).sqlState).toBe("42501");
  });

  test("its secret is shown once", async () => {
    const token = await made("comment = 'for CI'");
    const listed = await admin.rows("show user pats for user ada");
    expect(listed).toMatchObject([
      { name: "T", user_name: "ADA", status: "ACTIVE", comment: "for CI", created_by: "ADMIN" },
    ]);
    expect(JSON.stringify(listed)).not.toContain(token);
    expect(await admin.rows("alter user ada add pat if not exists t")).toHaveLength(1);
    expect((await admin.failure("alter user ada add pat t")).code).toBe("002002");
  });

  test("survives a restart", async () => {
    const token = await made();
    await snowglobe.restart();
    admin = await snowglobe.connect();
    expect((await byToken(token)).success).toBe(true);
  });
});

test.each([
  ["OAUTH", "390303"],
  ["EXTERNALBROWSER", "390190"],
  ["USERNAME_PASSWORD_MFA", "390120"],
  ["WORKLOAD_IDENTITY", "390100"],
])("%s is refused by name", async (authenticator, code) => {
  const answer = await login({ LOGIN_NAME: "ADMIN", PASSWORD, AUTHENTICATOR: authenticator, TOKEN: "t" });
  expect(answer).toMatchObject({
    success: false,
    code,
    message: expect.stringContaining(`'${authenticator}'`) as string,
  });
});

describeConnectors((python) => {
  test("a programmatic access token in the password's place", async () => {
    const { token_secret } = await admin.row("alter user ada add pat py");
    const connection = await PythonClient.connect(python, snowglobe.port, { user: "ada", password: token_secret });
    expect(await connection.rows("select current_user()")).toEqual([["'ADA'"]]);
    await connection.close();
    await admin.run("alter user ada remove pat py");
  });
});
