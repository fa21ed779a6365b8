/** Named connections: files and places of the Snowflake CLI, what goes before what, and what reaches which program. */
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { UserError } from "../../cli/errors";
import { accountEnvironment, portableCredentials } from "../../cli/stack/connectionEnvironment";
import { readConnectionFiles, snowflakeHome } from "../../cli/stack/connectionFile";
import { connectionOptions } from "../../loader/connection";
import { newFolder, removeFolders } from "./support/context";

let home: string;
beforeEach(() => {
  home = newFolder();
});
afterEach(removeFolders);

function write(name: string, content: string, mode = 0o600): string {
  const file = path.join(home, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  chmodSync(file, mode);
  return file;
}

const CONFIG = `default_connection_name = "dev"
[connections.dev]
account = "org-dev"
user = "ALICE"
password = "in the file"
port = 8443
[connections.key]
account = "org-key"
user = "BOB"
`;

describe("where files are", () => {
  test("SNOWFLAKE_HOME, else ~/.snowflake, else the system's place", () => {
    expect(snowflakeHome({ HOME: home, SNOWFLAKE_HOME: "~/x" })).toBe(path.join(home, "x"));
    expect(snowflakeHome({ HOME: home }, "linux")).toBe(path.join(home, ".config", "snowflake"));
    expect(snowflakeHome({ HOME: home, XDG_CONFIG_HOME: "/xdg" }, "linux")).toBe("/xdg/snowflake");
    expect(snowflakeHome({ HOME: home }, "darwin")).toBe(path.join(home, "Library/Application Support/snowflake"));
    mkdirSync(path.join(home, ".snowflake"));
    expect(snowflakeHome({ HOME: home }, "darwin")).toBe(path.join(home, ".snowflake"));
  });

  test("connections.toml takes the place of config.toml's connections, not of its default", () => {
    write(".snowflake/config.toml", CONFIG);
    expect([...readConnectionFiles({ HOME: home }).connections.keys()]).toEqual(["dev", "key"]);
    write(".snowflake/connections.toml", `[prod]\naccount = "org-prod"\n[dev]\naccount = "org-other"`);
    const { connections, defaultName } = readConnectionFiles({ HOME: home });
    expect([...connections.keys()]).toEqual(["prod", "dev"]);
    expect(defaultName).toBe("dev");
    expect(accountEnvironment({ HOME: home })).toMatchObject({ SNOWFLAKE_ACCOUNT: "org-other" });
  });

  test("a file that others may read is refused with the command that fixes it", () => {
    const file = write(".snowflake/config.toml", CONFIG, 0o644);
    expect(() => readConnectionFiles({ HOME: home })).toThrow(
      new UserError(`${file} may hold secrets and others may read it: run chmod 0600 "${file}".`),
    );
  });

  test("what is no TOML is reported by its place, without its text", () => {
    const file = write(".snowflake/connections.toml", `[dev]\npassword = s3cret`);
    expect(() => readConnectionFiles({ HOME: home })).toThrow(new RegExp(`^${file}:2:\\d+ is not valid TOML`));
    expect(() => readConnectionFiles({ HOME: home })).not.toThrow(/s3cret/);
  });

  test("without files the environment is all there is", () => {
    expect(accountEnvironment({ HOME: home })).toEqual({});
    expect(accountEnvironment({ HOME: home, SNOWFLAKE_ACCOUNT: "o-a", SNOWFLAKE_PASSWORD: "p" })).toEqual({
      SNOWFLAKE_ORGANIZATION_NAME: "o",
      SNOWFLAKE_ACCOUNT_NAME: "a",
    });
  });
});

describe("what goes before what", () => {
  beforeEach(() => void write(".snowflake/config.toml", CONFIG));

  test("an environment that names an account is the connection, unless another one is asked for by name", () => {
    const env = { HOME: home, SNOWFLAKE_ACCOUNT: "org-mine", SNOWFLAKE_HOST: "h", SNOWFLAKE_TOKEN: "t" };
    expect(accountEnvironment(env)).toMatchObject({ SNOWFLAKE_ACCOUNT_NAME: "mine" });
    for (const named of [
      accountEnvironment(env, "dev"),
      accountEnvironment({ ...env, SNOWFLAKE_DEFAULT_CONNECTION_NAME: "dev" }),
    ])
      expect(connectionOptions({ ...env, ...named })).toMatchObject({
        ...{ account: "org-dev", username: "ALICE", password: "in the file" },
      });
  });

  test("of two accounts nothing is mixed; what the connection lacks the environment gives", () => {
    const env = {
      ...{ HOME: home, SNOWFLAKE_ACCOUNT_NAME: "mine", SNOWFLAKE_ORGANIZATION_NAME: "org", SNOWFLAKE_HOST: "h" },
      ...{ SNOWFLAKE_ROLE: "R", SNOWFLAKE_PRIVATE_KEY_FILE: "/k", SNOWFLAKE_USER: "U" },
    };
    const merged = { ...env, ...accountEnvironment(env, "dev") };
    expect(merged).toMatchObject({
      ...{ SNOWFLAKE_ACCOUNT: "org-dev", SNOWFLAKE_ORGANIZATION_NAME: "org", SNOWFLAKE_ACCOUNT_NAME: "dev" },
      ...{ SNOWFLAKE_HOST: "", SNOWFLAKE_PORT: "8443", SNOWFLAKE_ROLE: "R", SNOWFLAKE_USER: "ALICE" },
      ...{ SNOWFLAKE_PRIVATE_KEY_FILE: "", SNOWFLAKE_PASSWORD: "in the file" },
    });
    expect(accountEnvironment({ HOME: home, SNOWFLAKE_PASSWORD: "p" }, "key")).not.toHaveProperty("SNOWFLAKE_PASSWORD");
  });

  test("SNOWFLAKE_CONNECTIONS_NAME_KEY goes over the file, and makes a connection by itself", () => {
    const env = {
      HOME: home,
      SNOWFLAKE_CONNECTIONS_DEV_PASSWORD: "by variable",
      SNOWFLAKE_CONNECTIONS_NEW_ACCOUNT: "n-e",
    };
    expect(accountEnvironment(env)).toMatchObject({ SNOWFLAKE_ACCOUNT: "org-dev", SNOWFLAKE_PASSWORD: "by variable" });
    expect(accountEnvironment(env, "new")).toMatchObject({ SNOWFLAKE_ACCOUNT: "n-e", SNOWFLAKE_ACCOUNT_NAME: "e" });
  });

  test("an unknown name is refused with those that are there", () => {
    expect(() => accountEnvironment({ HOME: home }, "prod")).toThrow(
      new UserError(
        `There is no connection 'prod' in ${path.join(home, ".snowflake/config.toml")} (there: dev, key), nor in the environment.`,
      ),
    );
  });
});

describe("credentials for engine, loader and dbt alike", () => {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" },
  });

  test("a key in a file is read, its passphrase comes from the environment", () => {
    const file = write("key.p8", privateKey);
    write(".snowflake/connections.toml", `[key]\naccount="o-a"\nuser="U"\nprivate_key_file=${JSON.stringify(file)}`);
    const env = { HOME: home, PRIVATE_KEY_PASSPHRASE: "open sesame", SNOWFLAKE_PASSWORD: "other" };
    const found = accountEnvironment(env, "key");
    expect(found).toMatchObject({
      ...{ SNOWFLAKE_PRIVATE_KEY: privateKey.trim(), SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: "open sesame" },
      ...{ SNOWFLAKE_AUTHENTICATOR: "SNOWFLAKE_JWT", SNOWFLAKE_PASSWORD: "" },
    });
    expect(connectionOptions({ ...env, ...found })).toMatchObject({
      ...{ authenticator: "SNOWFLAKE_JWT", privateKey: privateKey.trim(), privateKeyPass: "open sesame" },
    });
    expect(() => accountEnvironment({ HOME: home }, "key")).toThrow(/set PRIVATE_KEY_PASSPHRASE/);
  });

  test("a programmatic access token stands in for the password", () => {
    const file = write("token", "the token\n");
    for (const env of [
      { SNOWFLAKE_TOKEN: "the token" },
      { SNOWFLAKE_TOKEN_FILE_PATH: file, SNOWFLAKE_AUTHENTICATOR: "programmatic_access_token" },
    ])
      expect(portableCredentials(env)).toEqual({
        ...{ SNOWFLAKE_PASSWORD: "the token", SNOWFLAKE_AUTHENTICATOR: "SNOWFLAKE" },
        ...{ SNOWFLAKE_TOKEN: "", SNOWFLAKE_TOKEN_FILE_PATH: "" },
      });
  });

  test("an OAuth token stays one; a file that is not there is told", () => {
    const file = write("token", "oauth\n");
    expect(portableCredentials({ SNOWFLAKE_TOKEN_FILE_PATH: file, SNOWFLAKE_AUTHENTICATOR: "oauth" })).toEqual({
      ...{ SNOWFLAKE_TOKEN: "oauth", SNOWFLAKE_TOKEN_FILE_PATH: "" },
    });
    expect(() => portableCredentials({ SNOWFLAKE_PRIVATE_KEY_PATH: "/no/such/key" })).toThrow(
      new UserError("The private key cannot be read from /no/such/key (ENOENT)."),
    );
  });
});
