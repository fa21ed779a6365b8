/**
 * A first installation where Pulumi can be downloaded: a server on this computer stands in for Pulumi's, with an
 * installation program and a CLI of a few lines. And the same where nothing answers.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import type { Builder } from "../../plugins/build";
import { ensureEngine, findEngine, plannedWay, type EngineOptions, type EngineProgress } from "../../plugins/engine";
import { findSources } from "../../plugins/sources";
import { removeScratch, ROOT, scratch } from "./support";

jest.setTimeout(120_000);

const VERSION = findSources(ROOT)!.cliVersion;
const HOOK = path.join(__dirname, "redirectDownloads.cjs");

/** The CLI that is "installed": knows its version, and installs plugins unless it is told to fail. */
const CLI = `#!/bin/sh
case "$1" in
  version) echo "v$(cat "$(dirname "$0")/version")" ;;
  plugin)
    [ -z "$FAKE_PLUGIN_FAILURE" ] || { echo "error: $FAKE_PLUGIN_FAILURE" >&2; exit 255; }
    folder="$PULUMI_HOME/plugins/resource-$4-v$5"
    mkdir -p "$folder"
    printf '#!/bin/sh\\n' > "$folder/pulumi-resource-$4"
    chmod +x "$folder/pulumi-resource-$4" ;;
esac
`;

/** Takes Pulumi's own options: where to install, and which version. */
const INSTALLER = `#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in --install-root) root=$2; shift ;; --version) version=$2; shift ;; esac
  shift
done
[ -z "$FAKE_INSTALL_FAILURE" ] || { echo "error: $FAKE_INSTALL_FAILURE" >&2; exit 1; }
mkdir -p "$root/bin"
cat > "$root/bin/pulumi" <<'END'
${CLI}END
printf %s "$version" > "$root/bin/version"
printf '#!/bin/sh\\n' > "$root/bin/pulumi-language-nodejs"
chmod +x "$root/bin/pulumi" "$root/bin/pulumi-language-nodejs"
`;

let server: Server | undefined;
let asked: string[];
const realFetch = globalThis.fetch;

/** Serves the installation program; gives the server's address. */
async function serve(installer = INSTALLER, status = 200): Promise<string> {
  const started = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.statusCode = status;
    response.end(request.method === "HEAD" ? undefined : installer);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

/** An empty computer whose way to Pulumi's site leads to an address. */
function world(address: string, env: NodeJS.ProcessEnv = {}, builder?: Builder): EngineOptions & { home: string } {
  globalThis.fetch = ((input: string, init?: RequestInit) =>
    realFetch(input.replace("https://get.pulumi.com", address), init)) as typeof fetch;
  const home = scratch();
  return {
    home,
    stateDir: path.join(home, "state"),
    sourceDir: ROOT,
    env: {
      HOME: home,
      PATH: "/usr/bin:/bin",
      NODE_OPTIONS: `--require "${HOOK}"`,
      FAKE_PULUMI_SITE: address,
      WORKSHOP_CACHE_DIR: path.join(home, "cache"),
      ...env,
    },
    builder: builder ?? (() => Promise.reject(new Error("nothing may be built here"))),
  };
}

const quickBuilder: Builder = ({ into, sources }) => {
  for (const target of sources.targets) {
    mkdirSync(path.dirname(path.join(into, target.output)), { recursive: true });
    writeFileSync(path.join(into, target.output), target.name);
  }
  return Promise.resolve("go1.99");
};

beforeEach(() => (asked = []));
afterEach(async () => {
  globalThis.fetch = realFetch;
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
  removeScratch();
});

describe("where Pulumi can be downloaded", () => {
  test("it is, with its plugins, at the pinned version, into the cache, and the progress says so", async () => {
    const { home, ...options } = world(await serve());
    const progress: EngineProgress[] = [];
    expect(await plannedWay(options)).toEqual({ way: "download", version: VERSION });
    const engine = await ensureEngine({ ...options, onProgress: (p) => progress.push(p) });
    expect(engine).toMatchObject({
      source: "downloaded",
      version: VERSION,
      pulumiHome: path.join(options.stateDir, "pulumi"),
    });
    expect(path.dirname(engine.root)).toBe(path.join(home, "cache"));
    expect(readFileSync(path.join(engine.root, "bin", "version"), "utf8")).toBe(VERSION);
    expect(readdirSync(path.join(engine.pulumiHome, "plugins")).sort()).toEqual([
      "resource-command-v1.2.1",
      "resource-snowflake-v1.3.0",
    ]);
    expect([...new Set(progress.map(({ message }) => message))]).toEqual([
      "looking for the Pulumi engine",
      `downloading Pulumi ${VERSION}`,
      "downloading the Pulumi plugin command 1.2.1",
      "downloading the Pulumi plugin snowflake 1.3.0",
      "the Pulumi engine is there",
    ]);
    expect(existsSync(path.join(home, ".pulumi", "plugins"))).toBe(false);
  });

  test("it is once; the next search asks nobody", async () => {
    const options = world(await serve());
    const first = await ensureEngine(options);
    asked = [];
    expect(await findEngine(options)).toEqual(first);
    expect(await ensureEngine(options)).toEqual(first);
    expect(asked).toEqual([]);
  });

  test("two at once make one", async () => {
    const options = world(await serve());
    const [a, b] = await Promise.all([ensureEngine(options), ensureEngine(options)]);
    expect(a).toEqual(b);
    expect(asked.filter((line) => line.startsWith("GET"))).toHaveLength(1);
  });

  test("a build that is there is good enough", async () => {
    const options = world("http://127.0.0.1:9", {}, quickBuilder);
    await ensureEngine(options);
    const later = { ...world(await serve()), ...{ env: options.env, stateDir: options.stateDir } };
    expect((await ensureEngine(later)).source).toBe("built");
    expect(asked).toEqual([]);
  });
});

describe("a download that fails", () => {
  test.each([
    ["in the installation program", { FAKE_INSTALL_FAILURE: "no release for this platform" }, "no release for this"],
    ["at a plugin", { FAKE_PLUGIN_FAILURE: "404 HTTP error fetching plugin" }, "command 1.2.1 failed: error: 404 HTTP"],
  ])("%s leaves nothing, is told, and is not tried again for a while: the engine is built", async (_, env, reason) => {
    const options = world(await serve(), env);
    const alone = { ...options, env: { ...options.env, WORKSHOP_ENGINE: "downloaded" } };
    await expect(ensureEngine(alone)).rejects.toThrow(reason);
    expect(readdirSync(path.join(options.home, "cache"))).toEqual(["download-failed.json"]);
    asked = [];
    expect((await ensureEngine({ ...options, builder: quickBuilder })).source).toBe("built");
    expect(asked).toEqual([]);
  });

  test("because nothing answers is found out at once, and the engine is built", async () => {
    const options = world("http://127.0.0.1:9", {}, quickBuilder);
    expect(await plannedWay(options)).toEqual({ way: "build", version: VERSION });
    expect((await ensureEngine(options)).source).toBe("built");
  });

  test("because the site refuses is the same", async () => {
    const options = world(await serve("", 403), {}, quickBuilder);
    expect((await ensureEngine(options)).source).toBe("built");
  });
});
