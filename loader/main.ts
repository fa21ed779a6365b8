/**
 * The loader as a command:
 *
 *     node main.js --source sample --states CA --json
 *
 * Report on standard output, progress and errors on standard error. Ends with 0 when the rows were replaced, 1 when not
 * (the table keeps its rows), 2 when the command line is wrong, 130 when interrupted.
 */
import { Command, CommanderError } from "commander";
import { closeConnection, connectFromEnvironment, messageOf } from "./connection";
import { LoadError } from "./errors";
import { DEFAULT_TARGET, load } from "./load";
import { noProgress, progressFor } from "./progress";
import { formatReport } from "./report";
import { SAMPLE_SOURCE } from "./source";

interface Flags {
  source: string;
  states?: string;
  database: string;
  schema: string;
  table: string;
  json?: boolean;
  quiet?: boolean;
}

function command(): Command {
  return new Command("load")
    .description("Replaces the rows of the loans table by those of a source. The connection comes from SNOWFLAKE_* .")
    .option(
      "--source <source>",
      "URL or path of a csv or csv.gz file, 'public', or 'sample' (synthetic)",
      SAMPLE_SOURCE,
    )
    .option("--states <codes>", "load these states only, as CA,NY")
    .option("--database <name>", "database of the table", DEFAULT_TARGET.database)
    .option("--schema <name>", "schema of the table", DEFAULT_TARGET.schema)
    .option("--table <name>", "name of the table", DEFAULT_TARGET.table)
    .option("--json", "print the report as JSON")
    .option("--quiet", "show no progress")
    .exitOverride();
}

/** Writes a line, and waits until it is out. */
function print(stream: NodeJS.WriteStream, line: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(`${line}\n`, () => resolve());
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const program = command();
  try {
    program.parse(argv as string[]);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const flags = program.opts<Flags>();
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
  try {
    const connection = await connectFromEnvironment();
    try {
      const report = await load(
        { ...flags, states: flags.states?.split(","), signal: interrupt.signal },
        connection,
        flags.quiet ? noProgress : progressFor(process.stderr),
      );
      await print(process.stdout, flags.json ? JSON.stringify(report) : formatReport(report));
      return 0;
    } finally {
      await closeConnection(connection);
    }
  } catch (error) {
    await print(process.stderr, error instanceof LoadError ? error.message : messageOf(error));
    return interrupt.signal.aborted ? 130 : 1;
  }
}

// Ended by force: a driver whose server has gone away would keep the process for hours.
void main(process.argv).then((code) => process.exit(code));
