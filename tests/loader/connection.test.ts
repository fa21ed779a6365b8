import { createServer, type AddressInfo } from "node:net";
import {
  connectFromEnvironment,
  connectionOptions,
  isMissingObject,
  messageOf,
  type Environment,
} from "../../loader/connection";
import { LoadError } from "../../loader/errors";

const BASE = { SNOWFLAKE_ACCOUNT: "org-acct", SNOWFLAKE_USER: "ALICE" };
const PASSWORD = { ...BASE, SNOWFLAKE_PASSWORD: "s3cret" };

test("password, role, warehouse and current objects", () => {
  const options = connectionOptions({
    ...PASSWORD,
    SNOWFLAKE_ROLE: "LOADER",
    SNOWFLAKE_WAREHOUSE: "WH",
    SNOWFLAKE_DATABASE: "RAW",
    SNOWFLAKE_SCHEMA: "LOANS",
  });
  expect(options).toEqual({
    account: "org-acct",
    username: "ALICE",
    password: "s3cret",
    role: "LOADER",
    warehouse: "WH",
    database: "RAW",
    schema: "LOANS",
    application: "dynamic_tables_workshop",
  });
});

test.each<[string, Environment, object]>([
  [
    "a key in a file",
    { SNOWFLAKE_PRIVATE_KEY_PATH: "/k.p8" },
    { authenticator: "SNOWFLAKE_JWT", privateKeyPath: "/k.p8" },
  ],
  [
    "its other name",
    { SNOWFLAKE_PRIVATE_KEY_FILE: "/k.p8" },
    { authenticator: "SNOWFLAKE_JWT", privateKeyPath: "/k.p8" },
  ],
  [
    "a key in one line, with passphrase",
    { SNOWFLAKE_PRIVATE_KEY: "-----BEGIN\\nx\\nEND", SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: "p" },
    { authenticator: "SNOWFLAKE_JWT", privateKey: "-----BEGIN\nx\nEND", privateKeyPass: "p" },
  ],
  ["a token", { SNOWFLAKE_TOKEN: "t" }, { authenticator: "PROGRAMMATIC_ACCESS_TOKEN", token: "t" }],
  [
    "an OAuth token",
    { SNOWFLAKE_TOKEN: "t", SNOWFLAKE_AUTHENTICATOR: "OAUTH" },
    { authenticator: "OAUTH", token: "t" },
  ],
  [
    "a token in a file",
    { SNOWFLAKE_TOKEN_FILE_PATH: "/t" },
    { authenticator: "PROGRAMMATIC_ACCESS_TOKEN", tokenFilePath: "/t" },
  ],
  ["a browser", { SNOWFLAKE_AUTHENTICATOR: "externalbrowser" }, { authenticator: "externalbrowser" }],
])("credentials: %s", (_what, env, expected) => {
  expect(connectionOptions({ ...BASE, ...env })).toEqual({
    account: "org-acct",
    username: "ALICE",
    application: "dynamic_tables_workshop",
    ...expected,
  });
});

test("organisation and account name stand for the account", () => {
  const { SNOWFLAKE_ACCOUNT: _account, ...rest } = PASSWORD;
  expect(connectionOptions({ ...rest, SNOWFLAKE_ORGANIZATION_NAME: "o", SNOWFLAKE_ACCOUNT_NAME: "a" }).account).toBe(
    "o-a",
  );
});

test.each<[Environment, string | undefined]>([
  [{}, undefined],
  [{ SNOWFLAKE_HOST: "127.0.0.1", SNOWFLAKE_PORT: "8080", SNOWFLAKE_PROTOCOL: "http" }, "http://127.0.0.1:8080"],
  [{ SNOWFLAKE_HOST: "x.privatelink.example.com" }, "https://x.privatelink.example.com:443"],
  [{ SNOWFLAKE_HOST: "localhost", SNOWFLAKE_PROTOCOL: "HTTP" }, "http://localhost:80"],
])("address of %p is %p", (env, expected) => {
  expect(connectionOptions({ ...PASSWORD, ...env }).accessUrl).toBe(expected);
});

test.each<[string, Environment, string]>([
  ["no account", { SNOWFLAKE_USER: "A", SNOWFLAKE_PASSWORD: "p" }, "SNOWFLAKE_ACCOUNT"],
  ["no user", { SNOWFLAKE_ACCOUNT: "a", SNOWFLAKE_PASSWORD: "p" }, "SNOWFLAKE_USER"],
  ["no credentials", BASE, "SNOWFLAKE_PASSWORD"],
  [
    "plain http elsewhere",
    { ...PASSWORD, SNOWFLAKE_HOST: "example.com", SNOWFLAKE_PROTOCOL: "http" },
    "in clear to example.com",
  ],
  [
    "a host that only begins like this computer",
    { ...PASSWORD, SNOWFLAKE_HOST: "localhost.example.com", SNOWFLAKE_PROTOCOL: "http" },
    "in clear",
  ],
  ["another protocol", { ...PASSWORD, SNOWFLAKE_HOST: "h", SNOWFLAKE_PROTOCOL: "ftp" }, "SNOWFLAKE_PROTOCOL 'ftp'"],
  ["a bad port", { ...PASSWORD, SNOWFLAKE_HOST: "h", SNOWFLAKE_PORT: "70000" }, "SNOWFLAKE_PORT '70000'"],
  ["port zero", { ...PASSWORD, SNOWFLAKE_HOST: "h", SNOWFLAKE_PORT: "0" }, "SNOWFLAKE_PORT '0'"],
])("%s is refused, and no secret is shown", (_what, env, message) => {
  const options = (): unknown => connectionOptions(env);
  expect(options).toThrow(LoadError);
  expect(options).toThrow(message);
  expect(options).not.toThrow("s3cret");
});

test("where nothing listens, the answer comes at once and names the address", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const env = { ...PASSWORD, SNOWFLAKE_HOST: "127.0.0.1", SNOWFLAKE_PORT: String(port), SNOWFLAKE_PROTOCOL: "http" };
  await expect(connectFromEnvironment(env)).rejects.toThrow(`No Snowflake server answers at http://127.0.0.1:${port}`);
});

test("missing objects are known by Snowflake's number", () => {
  expect([{ code: "002003" }, { code: 2043 }, { code: "001003" }, undefined].map(isMissingObject)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test("messages are one line", () => {
  expect(messageOf(new Error("SQL compilation error:\n  Object does not exist."))).toBe(
    "SQL compilation error: Object does not exist.",
  );
  expect(messageOf("text")).toBe("text");
});
