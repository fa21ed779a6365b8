import * as path from "node:path";
import { shellQuote } from "../../components/shellQuote";
import type { Context } from "../context";
import { setUpEngine } from "../setup/engine";
import { engineEnvironment } from "../stack/engineEnvironment";
import { reachTarget } from "../stack/target";

/** The program finds its loader and dbt by itself, and a shell has a PATH of its own. */
const LEFT_OUT = new Set(["PATH", "WORKSHOP_LOADER", "WORKSHOP_ROOT"]);

/**
 * `local env`: prints, for a shell's `eval`, what plain `pulumi` (and any other program that reads SNOWFLAKE_*) needs for
 * the local target. Starts snowglobe. Secrets are named by the files they stand in, not printed.
 */
export async function localEnv(context: Context): Promise<void> {
  const { paths, terminal, env } = context;
  const engine = await setUpEngine(context, "local");
  const { connection } = await reachTarget(context, { target: "local" });
  const variables = {
    ...engineEnvironment(context, { target: "local" }, { engine, connection }),
    // A passphrase in a variable would count before its file.
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase,
    SNOWFLAKE_PASSWORD: { file: path.join(paths.snowglobe, "password") },
  };
  const lines = Object.entries(variables).flatMap(([name, value]) => {
    if (LEFT_OUT.has(name)) return [];
    if (value === "") return env[name] === undefined ? [] : [`unset ${name}`];
    return [`export ${name}=${typeof value === "string" ? shellQuote(value) : `"$(cat ${shellQuote(value.file)})"`}`];
  });
  const bin = path.join(engine.root, "bin");
  const isOnPath = (env.PATH ?? "").split(path.delimiter).includes(bin);
  if (!isOnPath) lines.push(`export PATH=${shellQuote(bin)}:"$PATH"`);
  terminal.data(`${lines.join("\n")}\n`);
}
