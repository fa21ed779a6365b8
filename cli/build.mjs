/**
 * Bundles the programs of this checkout. npm packages stay outside of the bundles; each bundle with its source map.
 * Takes about 100 ms.
 */
import { readFileSync, existsSync } from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildSnowglobe, replace } from "../snowglobe/build.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const PROGRAMS = [
  { entry: "cli/main.ts", output: ".workshop/build/cli.cjs" },
  { entry: "cli/test/reporter.ts", output: ".workshop/build/reporter.cjs" },
  { entry: "cli/setup/dbtProgram.ts", output: ".workshop/build/dbt.cjs" },
  { entry: "loader/main.ts", output: ".workshop/build/loader.cjs" },
  { entry: "bench/class.ts", output: ".workshop/build/bench-class.cjs" },
  { entry: "bench/all.ts", output: ".workshop/build/bench-all.cjs" },
  { entry: "bench/up.ts", output: ".workshop/build/bench-up.cjs" },
  { entry: "proof/attack.ts", output: ".workshop/build/proof-attack.cjs" },
  { entry: "proof/load.ts", output: ".workshop/build/proof-load.cjs" },
  { entry: "proof/isolation.ts", output: ".workshop/build/proof-isolation.cjs" },
  { entry: "proof/kill.ts", output: ".workshop/build/proof-kill.cjs" },
  { entry: "proof/refresh.ts", output: ".workshop/build/proof-refresh.cjs" },
  { entry: "proof/tpc.ts", output: ".workshop/build/proof-tpc.cjs" },
  { entry: "bench/sql.ts", output: ".workshop/build/bench-sql.cjs" },
  { entry: "bench/results.ts", output: ".workshop/build/bench-results.cjs" },
  { entry: "bench/refresh.ts", output: ".workshop/build/bench-refresh.cjs" },
].filter(({ entry }) => existsSync(path.join(root, entry)));

/** esbuild's options for the dashboard's page, which runs in a browser and holds its npm packages. */
const PAGE = JSON.parse(readFileSync(path.join(root, "dashboard/page/build.json"), "utf8"));

try {
  await Promise.all([
    build({ absWorkingDir: root, ...PAGE, outdir: ".workshop/build/dashboard", write: false, logLevel: "error" }).then(
      ({ outputFiles }) => outputFiles.forEach(({ path: file, contents }) => replace(file, contents)),
    ),
    buildSnowglobe(),
    ...PROGRAMS.map(async ({ entry, output }) => {
      const result = await build({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: output,
        bundle: true,
        packages: "external",
        platform: "node",
        format: "cjs",
        target: "node20",
        sourcemap: "linked",
        write: false,
        logLevel: "error",
      });
      for (const { path: file, contents } of result.outputFiles) replace(file, contents);
    }),
  ]);
} catch {
  // esbuild has said what is wrong and where.
  process.exitCode = 1;
}
