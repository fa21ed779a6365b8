/**
 * The built Snowflake plugin against the npm package's types: tokens, names, types, what is required, what is secret.
 * It shows that a program written with @pulumi/snowflake is understood; not that Snowflake does what is asked.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import * as snowflake from "@pulumi/snowflake";
import { ensureEngine, type Engine } from "../../plugins/engine";
import { PLUGINS, pluginExecutable, pluginFolder } from "../../plugins/sources";
import { readSnowflakeSdk, type Property, type SdkResource } from "./snowflakeSdk";
import { removeScratch, ROOT, scratch } from "./support";

interface Built extends Property {
  readonly input: boolean;
  readonly properties?: Record<string, Built>;
}
interface Listing {
  readonly version: string;
  readonly config: Record<string, Built>;
  readonly resources: Record<string, Record<string, Built>>;
}

const PROVIDER = "snowflake"; // the provider's own class has the package's name for a token
const BUILD_MS = 30 * 60_000;
let engine: Engine;
let listing: Listing;
let sdk: SdkResource[];

beforeAll(async () => {
  sdk = readSnowflakeSdk();
  const env = { ...process.env, WORKSHOP_ENGINE: "built" };
  engine = await ensureEngine({ env, stateDir: scratch(), sourceDir: ROOT });
  process.env.PULUMI_HOME = engine.pulumiHome; // "pulumi version", which PulumiCommand.get runs, writes a log there
  const plugin = PLUGINS.find((p) => p.name === "snowflake")!;
  const file = path.join(engine.pulumiHome, "plugins", pluginFolder(plugin), pluginExecutable(plugin));
  const { stdout } = await promisify(execFile)(file, ["-list-properties"], { maxBuffer: 64 * 1024 * 1024 });
  listing = JSON.parse(stdout) as Listing;
}, BUILD_MS);

afterAll(removeScratch);

/**
 * One line for each property, nested ones included, so that a difference shows as lines. Secrets are compared at the top
 * only: the npm package does not mark the nested ones, which the plugin then marks itself.
 */
function lines(
  properties: Record<string, Property>,
  options: { marks: boolean },
  prefix: string,
  nested = false,
): string[] {
  return Object.entries(properties)
    .flatMap(([name, p]) => {
      const marks = options.marks ? `${p.required ? " required" : ""}${p.secret && !nested ? " secret" : ""}` : "";
      return [`${prefix}${name}: ${p.type}${marks}`, ...lines(p.properties ?? {}, options, `${prefix}${name}.`, true)];
    })
    .sort();
}

/** What a program may set. Nested types are the same for arguments and state, so nothing is left out of them. */
function inputsOnly(properties: Record<string, Built>): Record<string, Built> {
  return Object.fromEntries(Object.entries(properties).filter(([, p]) => p.input));
}

test("the plugin and the npm package have the same 89 tokens", () => {
  const npm = sdk.map((r) => r.token);
  expect([...Object.keys(listing.resources), PROVIDER].sort()).toEqual(npm.sort());
  expect(npm).toHaveLength(89);
});

test("every property of every resource, in arguments and in state, is the same", () => {
  const npm: string[] = [];
  const plugin: string[] = [];
  for (const { token, args, state } of sdk) {
    const built = token === PROVIDER ? listing.config : listing.resources[token]!;
    npm.push(...lines(args, { marks: true }, `${token} argument `));
    plugin.push(...lines(inputsOnly(built), { marks: true }, `${token} argument `));
    if (token === PROVIDER) continue; // its class has no state of its own
    // In the types of a state everything is optional, and secrets are not marked.
    npm.push(...lines(state, { marks: false }, `${token} state `));
    plugin.push(...lines(built, { marks: false }, `${token} state `));
  }
  expect({ onlyInNpm: without(npm, plugin), onlyInPlugin: without(plugin, npm) }).toEqual({
    onlyInNpm: [],
    onlyInPlugin: [],
  });
  expect(npm.length).toBeGreaterThan(5_000);
});

function without(all: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return all.filter((line) => !known.has(line));
}

test("the plugin speaks to the server that its provider names, and repeats that server's refusal", async () => {
  const asked: { url: string; login: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts);
      const text = (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString();
      const login = /"LOGIN_NAME":"(\w+)"/.exec(text)?.[1];
      asked.push({ url: request.url!.replace(/\?.*/, ""), login });
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ success: false, code: "390100", message: "No such user here.", data: {} }));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const program = () => {
      const provider = new snowflake.Provider("p", {
        ...{ protocol: "http", host: "127.0.0.1", port, user: "ALICE", password: "pw" },
        ...{ organizationName: "ORG", accountName: "ACC", authenticator: "SNOWFLAKE", insecureMode: true },
      });
      new snowflake.Warehouse("w", { name: "W" }, { provider });
      return Promise.resolve();
    };
    const stack = await LocalWorkspace.createStack(
      { projectName: "trial", stackName: "test", program },
      {
        workDir: scratch(),
        pulumiCommand: await PulumiCommand.get({ root: engine.root }),
        envVars: { ...engine.env, PULUMI_BACKEND_URL: `file://${scratch()}`, PULUMI_CONFIG_PASSPHRASE: "test" },
      },
    );
    await expect(stack.up()).rejects.toThrow("No such user here.");
    expect(asked[0]).toEqual({ url: "/session/v1/login-request", login: "ALICE" });
  } finally {
    server.close();
  }
}, 120_000);
