/** The workshop's command: reads the command line (`commandLine/`); what each command does is a file of `commands/`. */
import { createProgram } from "./program";
import { EXIT, outcomeOf } from "./errors";
import { ProcessInterrupt } from "./interrupt";
import { Terminal } from "./output/terminal";
import { findRoot, pathsOf } from "./paths";
import { CommanderError } from "commander";

async function main(argv: readonly string[]): Promise<number> {
  const cwd = process.cwd();
  const { env, stdin, stdout, stderr } = process;
  const paths = pathsOf(findRoot(), env);
  // Pulumi runs a program in its project's folder; so do we, from wherever the command is called.
  process.chdir(paths.root);
  const interrupt = new ProcessInterrupt();
  const program = createProgram((json) => ({
    paths,
    env,
    cwd,
    interrupt,
    terminal: new Terminal({ stdin, stdout, stderr, env, json }),
  }));
  try {
    await program.command.parseAsync(argv as string[]);
    return program.exitCode();
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { message, exitCode } = outcomeOf(error);
    new Terminal({ stdout, stderr, env }).complain(message);
    return exitCode;
  } finally {
    interrupt.dispose();
  }
}

// A reader that has closed its end (`| head`) misses the rest; a deployment goes on.
for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });

void main(process.argv).then((code) => {
  // Said outright: servers of the engine's API and drivers' sockets may keep the process alive for a while.
  process.exitCode = code;
  process.stdout.write("", () => process.exit(code));
});
