import { spawn } from "node:child_process";
import * as path from "node:path";
import type { Context } from "../context";
import { UserError } from "../errors";
import { add, NOTHING, one, tallyGo, type Tally } from "./tally";

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a program to its end and keeps what it prints. Ctrl-C ends it. */
function capture(context: Context, program: string, args: readonly string[], cwd: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const { env, interrupt } = context;
    const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    interrupt.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
    child.once("error", (error) => reject(new UserError(`${program} cannot be started: ${error.message}`)));
    child.once("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") }));
  });
}

async function check(
  context: Context,
  title: string,
  run: () => Promise<Ended>,
  tallyOf: (ended: Ended) => Tally = ({ code }) => one(code === 0),
): Promise<Tally> {
  const step = context.terminal.step(title);
  const ended = await run();
  step.fail();
  const tally = tallyOf(ended);
  context.terminal.say(`${tally.failed > 0 ? "FAIL" : "ok  "} ${title}`);
  if (tally.failed > 0) context.terminal.say(ended.output.trimEnd());
  return tally;
}

/** Types, lint, format, and that nothing is there that nobody uses, each as one check. */
export async function checkSources(context: Context): Promise<Tally> {
  const { root } = context.paths;
  const bin = (pkg: string, file: string): string => path.join(root, "node_modules", pkg, file);
  const node = (script: string, ...args: string[]) => capture(context, process.execPath, [script, ...args], root);
  // Each keeps what it knows of files that did not change; by content, so that a fresh checkout begins anew.
  const kept = (name: string): string => path.join(context.paths.build, `checks-${name}`);
  const typescript = ["--noEmit", "-p", ".", "--incremental", "--tsBuildInfoFile", kept("types")];
  const byContent = (name: string): string[] => [
    "--cache",
    "--cache-strategy",
    "content",
    "--cache-location",
    kept(name),
  ];
  // All at once; told one after the other.
  const types = node(bin("typescript", "bin/tsc"), ...typescript);
  // The dashboard's page runs in a browser, with other types.
  const page = node(bin("typescript", "bin/tsc"), "--noEmit", "-p", "dashboard/page");
  const lint = node(bin("eslint", "bin/eslint.js"), ".", ...byContent("lint"));
  const format = node(bin("prettier", "bin/prettier.cjs"), "--check", ".", ...byContent("format"));
  const unused = node(bin("knip", "bin/knip.js"), "--no-progress");
  const tallies = [
    await check(context, "types (tsc)", () => types),
    await check(context, "types of the dashboard's page (tsc)", () => page),
    await check(context, "lint (eslint)", () => lint),
    await check(context, "format (prettier)", () => format),
    await check(context, "unused files, exports and dependencies (knip)", () => unused),
  ];
  return tallies.reduce(add, NOTHING);
}

/** The Go modules of plugins/: vet, which compiles them too, and their own tests. Left out where Go is missing. */
export async function checkGo(context: Context): Promise<Tally> {
  const version = await capture(context, "go", ["version"], context.paths.root).catch(() => undefined);
  if (version?.code !== 0) {
    context.terminal.say("skip go vet, go test: Go is not installed");
    return { ...NOTHING, skipped: 2 };
  }
  let tally = NOTHING;
  for (const module of ["engine", "snowflake"]) {
    const cwd = path.join(context.paths.root, "plugins", module);
    const go = (...args: string[]) => capture(context, "go", args, cwd);
    tally = add(tally, await check(context, `go vet (plugins/${module})`, () => go("vet", "-mod=readonly", "./...")));
    tally = add(
      tally,
      await check(context, `go test (plugins/${module})`, () => go("test", "-mod=readonly", "-json", "./..."), goTests),
    );
  }
  return tally;
}

/** A package that does not build fails without any test. */
function goTests({ code, output }: Ended): Tally {
  const tally = tallyGo(output);
  return code !== 0 && tally.failed === 0 ? add(tally, one(false)) : tally;
}
