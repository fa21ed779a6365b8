import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findEngine, plannedWay, type Engine } from "../../plugins/engine";
import type { Context, TargetName } from "../context";
import { messageOf } from "../errors";
import { findDbt } from "../setup/dbt";
import { engineOptions } from "../setup/engine";
import { findPython } from "../setup/python";
import type { Missing } from "./disk";
import { fail, ok, warn, type Finding } from "./finding";

const run = promisify(execFile);

/** Milliseconds that a program may take to say its version. */
const VERSION_MS = 20_000;

/** The Go toolchain that plugins/ is built with. */
const OLDEST_GO_MINOR = 26;

export interface Software {
  readonly findings: readonly Finding[];
  /** The engine, if one is ready. */
  readonly engine?: Engine;
  readonly missing: Missing;
}

/** The programs that a deployment needs. Installs and builds nothing. */
export async function checkSoftware(context: Context, target: TargetName): Promise<Software> {
  const { env, paths } = context;
  const findings: Finding[] = [ok("Node.js", process.versions.node)];
  try {
    const { version, executable } = await findPython(env);
    findings.push(ok("Python", `${version} (${executable})`));
  } catch (error) {
    findings.push(fail("Python", messageOf(error)));
  }
  const dbt = await findDbt(paths.requirements, env);
  findings.push(
    dbt
      ? ok("dbt", `installed (${dbt.dbt})`)
      : warn("dbt", "not installed yet", "the first up does, in about a minute"),
  );
  const engine = await findEngine(engineOptions(context, target));
  const missing = { dbt: dbt === undefined, engine: "none" } as const;
  if (engine) return { findings: [...findings, ok("Pulumi", `${engine.version} (${engine.source})`)], engine, missing };
  const { way, version } = await plannedWay({ env, sourceDir: paths.root });
  const finding = await missingEngine(env, way, version);
  return { findings: [...findings, finding], missing: { ...missing, engine: way } };
}

/** Which way the first `up` will get the engine, and how long it takes. */
async function missingEngine(env: NodeJS.ProcessEnv, way: Missing["engine"], version = ""): Promise<Finding> {
  if (way === "download")
    return warn(
      "Pulumi",
      "not there yet",
      `the first up downloads Pulumi ${version}, about 200 MB, in a minute or two`,
    );
  const away = way === "build" ? "Pulumi's download site cannot be reached" : "WORKSHOP_ENGINE allows no way to get it";
  const install = "install Pulumi (https://www.pulumi.com/docs/install/)";
  const minor = await goMinor(env);
  if (way === "build" && minor !== undefined && minor >= OLDEST_GO_MINOR)
    return warn(
      "Pulumi",
      `not there yet; ${away}`,
      `the first up builds Pulumi ${version} with Go 1.${minor}, in 6 to 15 minutes`,
    );
  if (way !== "build") return fail("Pulumi", `not there; ${away}`, `unset WORKSHOP_ENGINE, or ${install}`);
  const go = minor === undefined ? "there is no Go" : `Go 1.${minor} is too old`;
  return fail(
    "Pulumi",
    `not there; ${away}, and ${go} to build it`,
    `${install} or Go 1.${OLDEST_GO_MINOR} (https://go.dev/dl/)`,
  );
}

async function goMinor(env: NodeJS.ProcessEnv): Promise<number | undefined> {
  try {
    const { stdout } = await run("go", ["env", "GOVERSION"], { env, timeout: VERSION_MS });
    const minor = /go1\.(\d+)/.exec(stdout)?.[1];
    return minor === undefined ? undefined : Number(minor);
  } catch {
    return undefined;
  }
}

/** Whether Pulumi knows where to keep the state of an account's stack. */
export async function checkBackend(context: Context, engine: Engine): Promise<Finding> {
  try {
    const { stdout } = await run(`${engine.root}/bin/pulumi`, ["whoami", "--non-interactive", "--json"], {
      env: { ...context.env, ...engine.env },
      cwd: context.paths.root,
      timeout: VERSION_MS,
    });
    const { user, url } = JSON.parse(stdout) as { user?: string; url?: string };
    return ok("Pulumi backend", [user, url].filter(Boolean).join(" at "));
  } catch {
    return fail(
      "Pulumi backend",
      "Pulumi has none",
      "pulumi login, or set PULUMI_BACKEND_URL (and PULUMI_ACCESS_TOKEN for Pulumi Cloud)",
    );
  }
}
