/** The shell script in front: Node's version, and who sets the checkout up. Bundles and packages are fakes. */
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import * as path from "node:path";
import { newFolder, removeFolders, ROOT } from "./support/context";

let root: string;
let bin: string;
let log: string;

/** A program on PATH. */
function program(name: string, script: string): void {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

/** The few tools that the script uses, without Node and npm. */
const TOOLS = ["sh", "dirname", "readlink", "ln", "rm", "mkdir", "sleep", "cmp", "cp", "find", "head", "mv", "cat"];

function environment(): NodeJS.ProcessEnv {
  return { PATH: bin, LOG: log, NODE: process.execPath };
}

function workshop(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(path.join(root, "workshop"), args, { cwd: "/", encoding: "utf8", env: environment() });
}

/** npm is asked whether the registry answers, and then installs. */
const INSTALL = [
  "npm ping --fetch-retries=0 --fetch-timeout=10000 --loglevel=error",
  "npm ci --prefer-offline --no-audit --no-fund --loglevel=error",
];

const calls = (): string[] => (existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : []);

beforeEach(() => {
  const folder = newFolder();
  root = path.join(folder, "a clone");
  bin = path.join(folder, "bin");
  log = path.join(folder, "log");
  mkdirSync(path.join(root, "cli", "setup"), { recursive: true });
  mkdirSync(bin);
  for (const part of ["workshop", "cli/setup/installed.mjs"]) cpSync(path.join(ROOT, part), path.join(root, part));
  writeFileSync(path.join(root, "package-lock.json"), JSON.stringify({ packages: { "": {} } }));
  writeFileSync(path.join(root, "cli", "main.ts"), "");
  writeFileSync(
    path.join(root, "cli", "build.mjs"),
    `import { appendFileSync, writeFileSync } from "node:fs";
     appendFileSync(process.env.LOG, "build\\n");
     writeFileSync(".workshop/build/cli.cjs", "console.log(JSON.stringify(process.argv.slice(2)))");`,
  );
  for (const tool of TOOLS) {
    const found = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).stdout.trim();
    symlinkSync(found, path.join(bin, tool));
  }
  symlinkSync(process.execPath, path.join(bin, "node"));
  program(
    "npm",
    'echo "npm $*" >> "$LOG"; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json',
  );
});
afterEach(removeFolders);

test("the first call installs and builds, the second does neither; arguments are handed over as they are", () => {
  const first = workshop("up", "a b", "$HOME");
  expect(first).toMatchObject({ status: 0, stdout: '["up","a b","$HOME"]\n' });
  expect(first.stderr).toMatch(/installing the npm packages \(once, about a minute\)/);
  expect(calls()).toEqual([...INSTALL, "build"]);
  expect(workshop()).toMatchObject({ status: 0, stdout: "[]\n", stderr: "" });
  expect(calls()).toHaveLength(INSTALL.length + 1);
});

test("a changed lock file is installed anew, a changed source built anew", () => {
  workshop();
  writeFileSync(
    path.join(root, "package-lock.json"),
    JSON.stringify({ packages: { "node_modules/a": { version: "2" } } }),
  );
  workshop();
  expect(calls().filter((line) => line.startsWith("npm ci"))).toHaveLength(2);
  const built = calls().length;
  const later = new Date(Date.now() + 5_000);
  utimesSync(path.join(root, "cli", "main.ts"), later, later);
  workshop();
  expect(calls().slice(built)).toEqual(["build"]);
});

test("packages that somebody installed by hand are taken as they are", () => {
  mkdirSync(path.join(root, "node_modules"));
  cpSync(path.join(root, "package-lock.json"), path.join(root, "node_modules", ".package-lock.json"));
  expect(workshop().status).toBe(0);
  expect(calls()).toEqual(["build"]);
});

test("two at once: one sets up, the other waits", async () => {
  program(
    "npm",
    'echo "npm $*" >> "$LOG"; sleep 1; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json',
  );
  const run = (): Promise<number | null> =>
    new Promise((resolve) => {
      const child = spawn(path.join(root, "workshop"), [], { env: environment(), stdio: "ignore" });
      child.once("close", resolve);
    });
  expect(await Promise.all([run(), run(), run()])).toEqual([0, 0, 0]);
  expect(calls()).toEqual([...INSTALL, "build"]);
});

test("what a killed one left does not stop the next", () => {
  mkdirSync(path.join(root, ".workshop"));
  symlinkSync(String(2 ** 22 + 1), path.join(root, ".workshop", "setup.lock"));
  expect(workshop().status).toBe(0);
  expect(existsSync(path.join(root, ".workshop", "setup.lock"))).toBe(false);
});

test("Node missing or too old is one line", () => {
  spawnSync("rm", [path.join(bin, "node")]);
  expect(workshop()).toMatchObject({
    status: 1,
    stderr:
      "workshop: Node.js is missing: install version 20.19 or newer from https://nodejs.org and run this again.\n",
  });
  program("node", 'if [ "$1" = --version ]; then echo v18.20.0; else exit 1; fi');
  expect(workshop()).toMatchObject({
    status: 1,
    stderr:
      "workshop: Node.js v18.20.0 is too old: install version 20.19 or newer from https://nodejs.org and run this again.\n",
  });
});

test("a failed installation says where to look, and leaves nothing that counts as done", () => {
  program("npm", 'echo "npm error ENOSPC" >&2; exit 1');
  const { status, stderr } = workshop();
  expect(status).toBe(1);
  expect(stderr).toMatch(/npm error ENOSPC\nworkshop: npm ci failed in .*a clone: see its message above/);
  program(
    "npm",
    'echo "npm $*" >> "$LOG"; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json',
  );
  expect(workshop().status).toBe(0);
});

describe("where the npm registry cannot be reached", () => {
  /** npm without a network, whose cache is full or empty. */
  const offline = (isCached: boolean): void =>
    program(
      "npm",
      `echo "npm $*" >> "$LOG"
       case "$1 $2" in
         ping*) echo "npm error code ENOTFOUND" >&2; exit 1 ;;
         config*) echo https://registry.example.com/ ;;
         "ci --offline") ${isCached ? "mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json" : 'echo "npm error code ENOTCACHED" >&2; exit 1'} ;;
         *) sleep 300 ;;
       esac`,
    );

  test("that is one line, at once", () => {
    offline(false);
    const { status, stderr } = workshop("up");
    expect(status).toBe(1);
    expect(stderr.trim().split("\n").slice(1)).toEqual([
      "workshop: the npm registry (https://registry.example.com/) cannot be reached, and npm's cache does not hold all " +
        "packages: connect to the network (or set npm's proxy) and run this again.",
    ]);
  });

  test("packages of npm's own cache do", () => {
    offline(true);
    expect(workshop("up")).toMatchObject({ status: 0, stdout: '["up"]\n' });
  });

  test("a registry that answers, but knows no ping, is there", () => {
    program(
      "npm",
      `echo "npm $*" >> "$LOG"
       case $1 in ping) echo "npm error code E404" >&2; exit 1 ;; esac
       mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json`,
    );
    expect(workshop().status).toBe(0);
    expect(calls()).toEqual([...INSTALL, "build"]);
  });
});

describe("a checkout that cannot be written to", () => {
  /** The system lets its administrator write everywhere, so somebody else runs it then. */
  const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const read = (...args: string[]): SpawnSyncReturns<string> => {
    chmodSync(path.dirname(root), 0o755);
    chmodSync(root, 0o555);
    try {
      return spawnSync(path.join(root, "workshop"), args, { encoding: "utf8", env: environment(), ...somebody });
    } finally {
      chmodSync(root, 0o755);
    }
  };

  test("is found out before anything is begun, in one line", () => {
    expect(read("up")).toMatchObject({
      status: 1,
      stdout: "",
      stderr: `workshop: ${root} cannot be written to, and what is set up goes there: give yourself the right to, or work in a copy of the checkout.\n`,
    });
    expect(calls()).toEqual([]);
  });

  test("runs commands all the same once it is set up", () => {
    workshop();
    expect(read("status")).toMatchObject({ status: 0, stdout: '["status"]\n', stderr: "" });
  });
});

test("called by a symbolic link from elsewhere, it finds its checkout", () => {
  const link = path.join(path.dirname(root), "link");
  symlinkSync(path.join("a clone", "workshop"), link);
  const { status, stdout } = spawnSync(link, ["x"], { cwd: "/", encoding: "utf8", env: environment() });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '["x"]\n' });
});
