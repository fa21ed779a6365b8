/**
 * dbt for a stack that `pulumi` itself deploys, without ./workshop: takes dbt's own arguments. The virtual environment is
 * made where it is missing, with its progress on standard error.
 */
import { spawn } from "node:child_process";
import { EXIT, outcomeOf } from "../errors";
import { findRoot, pathsOf } from "../paths";
import { ensureDbt } from "./dbt";

async function main(args: readonly string[]): Promise<number> {
  const { requirements } = pathsOf(findRoot(), process.env);
  let told = "";
  const onProgress = (text: string): void => {
    if (text !== told) console.error(`dbt: ${text}`);
    told = text;
  };
  const { dbt } = await ensureDbt({ requirements, env: process.env, onProgress });
  return new Promise((resolve, reject) => {
    const child = spawn(dbt, args, { stdio: "inherit" });
    // Ctrl-C reaches dbt by its process group; this process waits for what dbt makes of it.
    process.on("SIGINT", () => undefined);
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? EXIT.interrupted));
  });
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const { message, exitCode } = outcomeOf(error);
    console.error(message);
    process.exitCode = exitCode;
  },
);
