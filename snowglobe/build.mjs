/**
 * Bundles the package's doors into dist/, npm packages left outside. Types come beside them: `node build.mjs --types`,
 * which takes some seconds more.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));

/** Files under dist/ and what they hold. */
const DOORS = { main: "src/main.ts", index: "src/index.ts", sql: "src/sql/index.ts", jest: "src/jest.ts" };

/** The command and the jest helper take what the package's main door has, rather than hold it a second and third time. */
const SHARED = {
  name: "shared",
  setup(build) {
    build.onResolve({ filter: /^\.\/start$/ }, ({ importer }) =>
      /[\\/](main|jest)\.ts$/.test(importer) ? { path: "./index.cjs", external: true } : undefined,
    );
  },
};

export async function buildSnowglobe() {
  const { outputFiles } = await build({
    absWorkingDir: here,
    entryPoints: DOORS,
    outdir: "dist",
    outExtension: { ".js": ".cjs" },
    bundle: true,
    packages: "external",
    plugins: [SHARED],
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "linked",
    write: false,
    logLevel: "error",
  });
  for (const { path: file, contents } of outputFiles) replace(file, contents);
}

/** Replaces a file as a whole, and only if its content changed: running programs and two builds at once do no harm. */
export function replace(file, contents) {
  if (existsSync(file) && readFileSync(file).equals(contents)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, contents);
  renameSync(aside, file);
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await buildSnowglobe();
  if (process.argv.includes("--types")) {
    const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "-p", path.join(here, "tsconfig.types.json")], { stdio: "inherit" });
  }
}
