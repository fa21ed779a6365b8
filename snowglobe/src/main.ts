import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { version } from "../package.json";
import { RealClock, VirtualClock, type Clock } from "./clock";
import { HttpError, startServer, type ControlHandler } from "./server";
import { AlertRunner } from "./services/alertRunner";
import { Housekeeper } from "./services/housekeeper";
import { Mailer } from "./services/mailer";
import { Refresher } from "./services/refresher";
import { TransactionWatch } from "./services/transactionWatch";
import { TaskRunner } from "./services/taskRunner";
import { Engine } from "./session/engine";
import { openInstance } from "./session/open";
import { hashPassword } from "./statements/access/password";
import type { Instance } from "./execution/instance";

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

/** A random word in a file that only its owner reads, made at the first call. */
function secretIn(folder: string, name: string): string {
  const file = path.join(folder, name);
  try {
    const kept = readFileSync(file, "utf8").trim();
    if (kept !== "") return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = randomBytes(24).toString("base64url");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

function controls(clock: Clock): Record<string, ControlHandler> {
  return {
    /** Moves the clock ahead by `seconds` and answers when all that became due has run. */
    advance: async (body) => {
      const seconds = (body as { readonly seconds?: unknown } | null | undefined)?.seconds;
      if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds < 0)
        throw new HttpError(400, 'advance takes {"seconds": n}');
      await clock.advance(seconds * 1e6).catch((error: unknown) => {
        throw error instanceof RangeError
          ? new HttpError(400, `advance by ${seconds} seconds: ${error.message}`)
          : error;
      });
      return { now: clock.now() };
    },
  };
}

/** The latest time that the data knows of: a clock that was moved ahead goes on from there. */
function latestTime(instance: Instance): number {
  const { storage, catalog } = instance;
  const refreshed = catalog.list("DYNAMIC TABLE").map((table) => table.content?.dataTimestamp ?? 0);
  const ran = [...instance.taskHistory.all(), ...instance.alertHistory.all()].map((run) => run.scheduledTime);
  return [...refreshed, ...ran].reduce((a, b) => Math.max(a, b), storage.commitTime(storage.lastVersion) ?? 0);
}

async function serve(settings: Settings): Promise<void> {
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const password = secretIn(settings.folder, "password");
  const controlToken = secretIn(settings.folder, "control-token");
  const instanceId = secretIn(settings.folder, "instance-id");
  const real = new RealClock();
  const clock = settings.virtual ? new VirtualClock(real.now()) : real;
  const instance = await openInstance({
    folder: settings.folder,
    clock,
    firstUser: { name: settings.user, passwordHash: await hashPassword(password) },
    memoryLimit: settings.memoryLimit,
    version,
  });
  clock.moveTo(latestTime(instance));
  const engine = new Engine(instance);
  const server = await startServer(engine, {
    host: "127.0.0.1",
    port: settings.port,
    controlToken,
    control: controls(clock),
  }).catch(async (error: unknown) => {
    await instance.storage.close();
    throw error;
  });
  const report = (error: unknown): void => console.error("snowglobe: a service failed:", error);
  const mailer = new Mailer(
    instance,
    { folder: path.join(settings.folder, "mail"), ...(settings.smtpUrl && { smtpUrl: settings.smtpUrl }) },
    report,
  );
  const services = [
    mailer,
    new Refresher(instance, report),
    new TaskRunner(instance, report),
    new AlertRunner(instance, report),
    new Housekeeper(instance, report),
    new TransactionWatch(instance, report),
  ];
  for (const service of services) service.start();

  const marker = path.join(settings.folder, "snowglobe.json");
  const state = { pid: process.pid, port: server.port, version, startedAt: new Date().toISOString(), instanceId };
  writeFileSync(marker, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  console.error(`snowglobe ${version} serves ${settings.folder} on http://127.0.0.1:${server.port}`);
  const stop = (): void => void server.close();
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  await server.closed;
  for (const service of services) service.stop();
  await engine.close();
  await instance.storage.close();
  rmSync(marker, { force: true });
}

async function main(): Promise<void> {
  try {
    const settings = readSettings(process.argv.slice(2));
    if (settings) await serve(settings);
    else process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    const people = error instanceof UsageError || (error as Error).name === "StorageOpenError" || isPlain(error);
    console.error(people ? `snowglobe: ${(error as Error).message}` : error);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

/** Errors that the server throws for people, such as a port that is taken. */
function isPlain(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === "EADDRINUSE";
}

void main();
