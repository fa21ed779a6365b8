/** The tarball of `npm pack` by itself: in a folder without anything but it and its dependencies. */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { NodeClient } from "./server/nodeDriver";

const PACKAGE = path.resolve(__dirname, "..");
const MODULES = path.resolve(PACKAGE, "../node_modules");

const folder = mkdtempSync(path.join(tmpdir(), "snowglobe package "));
const installed = path.join(folder, "node_modules", "snowglobe");

/** Installs as npm would, from what is installed here: tests reach no registry. */
beforeAll(() => {
  // A copy: packing builds, and other tests use what is built.
  const source = path.join(folder, "source", "snowglobe");
  mkdirSync(source, { recursive: true });
  const left = new Set(["dist", "node_modules", "tests"]);
  cpSync(PACKAGE, source, { recursive: true, filter: (from) => !left.has(path.relative(PACKAGE, from)) });
  cpSync(path.resolve(PACKAGE, "../tsconfig.json"), path.join(folder, "source", "tsconfig.json"));
  symlinkSync(MODULES, path.join(folder, "source", "node_modules"));
  execFileSync(process.execPath, ["build.mjs", "--types"], { cwd: source, stdio: "inherit" });
  const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const packed = JSON.parse(execFileSync("npm", pack, { cwd: source, encoding: "utf8" })) as { filename: string }[];
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", path.join(folder, packed[0]!.filename), "--strip-components=1", "-C", installed]);
  const { dependencies } = JSON.parse(readFileSync(path.join(installed, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(dependencies)) {
    const target = path.join(folder, "node_modules", name);
    mkdirSync(path.dirname(target), { recursive: true });
    symlinkSync(path.join(MODULES, name), target);
  }
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("holds what runs, its types and its licence, and no sources", () => {
  for (const file of ["bin/snowglobe.cjs", "dist/index.cjs", "dist/types/src/index.d.ts", "LICENSE", "README.md"]) {
    expect([file, existsSync(path.join(installed, file))]).toEqual([file, true]);
  }
  for (const file of ["src", "tests", "build.mjs"]) {
    expect([file, existsSync(path.join(installed, file))]).toEqual([file, false]);
  }
});

it("starts by its command and serves a driver", async () => {
  const data = path.join(folder, "data");
  const program = path.join(installed, "bin", "snowglobe.cjs");
  const child = spawn(process.execPath, [program, "--data", data, "--port", "0"], { cwd: folder });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said);
        if (found) resolve(Number(found[1]));
      });
      child.once("exit", (code) => reject(new Error(`exit ${code}: ${said}`)));
    });
    const password = readFileSync(path.join(data, "password"), "utf8").trim();
    const client = await NodeClient.connect(port, { username: "ADMIN", password });
    expect((await client.execute("select 40 + 2 as n")).rows).toEqual([{ N: 42 }]);
    await client.close();
  } finally {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  }
});

it("is started from a program, splits statements, and stops", () => {
  const script = `
    const { startSnowglobe } = require("snowglobe");
    const { splitStatements } = require("snowglobe/sql");
    (async () => {
      const snowglobe = await startSnowglobe({ dataDir: "programmatic", clock: "virtual" });
      const before = snowglobe.now();
      await snowglobe.advance(90);
      await snowglobe.stop();
      console.log((snowglobe.now() - before) / 1000, splitStatements("select 1; select ';'").length);
    })();`;
  expect(execFileSync(process.execPath, ["-e", script], { cwd: folder, encoding: "utf8" })).toBe("90 2\n");
});

it("has types for each of its doors", () => {
  writeFileSync(
    path.join(folder, "use.ts"),
    `import { startSnowglobe, type Snowglobe } from "snowglobe";
     import { splitStatements } from "snowglobe/sql";
     import { TestSnowglobe } from "snowglobe/jest";
     export const texts: string[] = splitStatements("select 1").map((one) => one.text);
     export const started: Promise<Snowglobe> = startSnowglobe({ dataDir: "x", port: 0 });
     export const tested: Promise<TestSnowglobe> = TestSnowglobe.start();
     // @ts-expect-error: a port is a number
     void startSnowglobe({ dataDir: "x", port: "0" });
    `,
  );
  const tsc = path.join(MODULES, "typescript", "bin", "tsc");
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "node16", "--moduleResolution", "node16"];
  const types = ["--types", "node,jest", "--typeRoots", path.join(MODULES, "@types")];
  execFileSync(process.execPath, [tsc, ...options, ...types, "use.ts"], { cwd: folder, stdio: "inherit" });
}, 120_000);
