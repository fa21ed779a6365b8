import { rmSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { version } from "../package.json";
import { startSnowglobe } from "./start";

const USAGE = `Usage: snowglobe --data DIR [--port 8437] [--user ADMIN] [--memory-limit 2GB] [--clock real|virtual]
                 [--smtp-url URL]

Serves a Snowflake account of its own on 127.0.0.1 until SIGINT or SIGTERM.

  --data DIR            folder of the account's data; made if it is missing
  --port N              port on 127.0.0.1; 0 takes any free one (default 8437)
  --user NAME           the account's first user, with role ACCOUNTADMIN (default ADMIN); its password stands in
                        DIR/password, made at the first start
  --memory-limit SIZE   memory that queries may use (default 2GB)
  --clock real|virtual  virtual: time stands still until POST /control/advance moves it (default real, which that
                        endpoint moves ahead too)
  --smtp-url URL        relay that mails also go to, e.g. smtp://localhost:2525; SNOWGLOBE_SMTP_URL in the environment
                        says the same, for a URL with a password. All mails lie in DIR/mail in any case.
`;

/** An error for people: one line, no stack. */
class UsageError extends Error {}

interface Settings {
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  readonly memoryLimit: string;
  readonly virtual: boolean;
  readonly smtpUrl: string | undefined;
}

function readSettings(args: readonly string[]): Settings | undefined {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        data: { type: "string" },
        port: { type: "string", default: "8437" },
        user: { type: "string", default: "ADMIN" },
        "memory-limit": { type: "string", default: "2GB" },
        clock: { type: "string", default: "real" },
        "smtp-url": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; see --help`);
  }
  if (values.help) return undefined;
  if (!values.data) throw new UsageError("--data DIR is missing; see --help");
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new UsageError(`--port ${values.port} is not a port number`);
  if (!["real", "virtual"].includes(values.clock)) throw new UsageError(`--clock ${values.clock}: use real or virtual`);
  if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(values.user))
    throw new UsageError(`--user ${values.user} is not an identifier`);
  return {
    folder: path.resolve(values.data),
    port,
    user: values.user.toUpperCase(),
    memoryLimit: values["memory-limit"],
    virtual: values.clock === "virtual",
    smtpUrl: smtpUrl(values["smtp-url"] ?? process.env.SNOWGLOBE_SMTP_URL),
  };
}

function smtpUrl(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  if (!URL.canParse(text) || !/^smtps?:$/.test(new URL(text).protocol)) {
    throw new UsageError("--smtp-url takes smtp://host:port or smtps://host:port");
  }
  return text;
}

/** How long an orderly stop may take, in milliseconds. */
const LONGEST_STOP = 3_000;

/**
 * Ends at once, as by kill -9, which loses nothing that was acknowledged: DuckDB does not look at interrupts in all that
 * it does, and Node's own exit waits for its threads.
 */
function killItself(folder: string): void {
  console.error("snowglobe: a statement does not end; stopped all the same");
  rmSync(path.join(folder, "snowglobe.json"), { force: true });
  process.kill(process.pid, "SIGKILL");
}

async function serve(settings: Settings): Promise<void> {
  const snowglobe = await startSnowglobe({
    dataDir: settings.folder,
    port: settings.port,
    user: settings.user,
    memoryLimit: settings.memoryLimit,
    clock: settings.virtual ? "virtual" : "real",
    ...(settings.smtpUrl !== undefined && { smtpUrl: settings.smtpUrl }),
    onEvent: (event) => {
      if (event.kind === "repaired") console.error(`snowglobe: ${event.line}`);
      if (event.kind === "serviceFailed") console.error("snowglobe: a service failed:", event.error);
    },
  });
  console.error(`snowglobe ${version} serves ${settings.folder} on ${snowglobe.url}`);
  const stop = (): void => {
    void snowglobe.stop();
    setTimeout(() => killItself(settings.folder), LONGEST_STOP).unref();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  await snowglobe.stopped;
}

async function main(): Promise<void> {
  let folder = "";
  // Whatever is made, by DuckDB too, is its owner's alone.
  process.umask(0o077);
  try {
    const settings = readSettings(process.argv.slice(2));
    folder = settings?.folder ?? "";
    if (settings) await serve(settings);
    else process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    const people = error instanceof UsageError || (error as Error).name === "StorageOpenError" || isPlain(error);
    const line = people ? (error as Error).message : refusal(error, folder);
    console.error(line === undefined ? error : `snowglobe: ${line}`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

/** Errors that the server throws for people, such as a port that is taken. */
function isPlain(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === "EADDRINUSE";
}

/** What the system refuses, in people's words, by its code. */
const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: "may not be used: its owner is another user, or its mode forbids it",
  EPERM: "may not be used: its owner is another user, or its mode forbids it",
  EROFS: "is on a read-only file system",
  ENOSPC: "is on a disk that is full: make room there",
  ENOTDIR: "is no folder",
  EEXIST: "is no folder",
};

/** One line for a fault of the disk or the folder; undefined for what nobody expected. */
function refusal(error: unknown, folder: string): string | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (Object.hasOwn(REFUSALS, code)) return `folder ${folder} ${REFUSALS[code]}`;
  return /No space left on device/.test(String(error)) ? `folder ${folder} ${REFUSALS.ENOSPC}` : undefined;
}

void main();
