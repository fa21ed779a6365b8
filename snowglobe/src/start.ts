import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { version } from "../package.json";
import { RealClock, VirtualClock, type Clock } from "./clock";
import type { Instance } from "./execution/instance";
import { hashPassword } from "./statements/access/password";
import { prepareDataDirectory, secretIn } from "./dataDirectory";
import { HttpError, startServer, type ControlHandler, type RunningServer, type ServerLimits } from "./server";
import { AlertRunner } from "./services/alertRunner";
import { Housekeeper } from "./services/housekeeper";
import { Mailer } from "./services/mailer";
import { Refresher } from "./services/refresher";
import { TaskRunner } from "./services/taskRunner";
import { TransactionWatch } from "./services/transactionWatch";
import { Engine } from "./session/engine";
import { openInstance } from "./session/open";

/** What `startSnowglobe` takes. Only the folder is needed. */
export interface SnowglobeOptions {
  /** Folder of the account's data; made if it is missing. */
  readonly dataDir: string;
  /** Port on 127.0.0.1. Default 0: any free one; see `port` of what is started. */
  readonly port?: number;
  /** Name of the account's first user, who has ACCOUNTADMIN. Default ADMIN. */
  readonly user?: string;
  /** That user's password. Default: the one in `dataDir`/password, which is made at the first start. */
  readonly password?: string;
  /**
   * `real`, or `virtual`: time stands still until `advance` moves it; or a clock of the host's, which then may outlive
   * several starts. Default real.
   */
  readonly clock?: "real" | "virtual" | RealClock | VirtualClock;
  /** With `virtual`: the time at which a new account begins. Default: now. */
  readonly startsAt?: Date;
  /** Memory that queries may use, as DuckDB writes it. Default 2GB. */
  readonly memoryLimit?: string;
  /** Relay that mails also go to, e.g. smtp://localhost:2525. All mails lie in `dataDir`/mail in any case. */
  readonly smtpUrl?: string;
  /** Bounds of the server, where they are to be others than by default. */
  readonly limits?: Partial<ServerLimits>;
  /** Told what happens, for a host that shows progress or keeps a log. */
  readonly onEvent?: (event: SnowglobeEvent) => void;
}

export type SnowglobeEvent =
  | { readonly kind: "opened"; readonly milliseconds: number }
  /** Something was found and repaired while the data were opened: a line for people. */
  | { readonly kind: "repaired"; readonly line: string }
  | { readonly kind: "listening"; readonly url: string }
  /** A refresh, task, alert or mail met an error that is no user's: its history does not say it. */
  | { readonly kind: "serviceFailed"; readonly error: unknown }
  | { readonly kind: "stopped" };

/** A snowglobe that serves. */
export interface Snowglobe {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** The first user, and the password to log in with. */
  readonly user: string;
  readonly password: string;
  /** What CURRENT_ACCOUNT answers, and what drivers may give as `account`. */
  readonly account: string;
  /** What control requests carry as bearer token. */
  readonly controlToken: string;
  /** The account's time. */
  now(): Date;
  /** Moves the clock ahead and returns when all that became due (refreshes, tasks, alerts) has run. */
  advance(seconds: number): Promise<void>;
  /** Ends sessions and services and closes the data. Safe to call twice. */
  stop(): Promise<void>;
  /** Resolves when it has stopped, by `stop()` or by a control request. */
  readonly stopped: Promise<void>;
  /** The session layer itself, for a host in the same process. */
  readonly engine: Engine;
  readonly mailer: Mailer;
}

const HOST = "127.0.0.1";

/**
 * Opens an account's data, or makes it, and serves it to Snowflake's drivers on 127.0.0.1.
 *
 * @throws Error with one line for people: a port that is taken, a data file that cannot be used
 */
export async function startSnowglobe(options: SnowglobeOptions): Promise<Snowglobe> {
  const tell = options.onEvent ?? (() => undefined);
  const began = performance.now();
  const { dataDir } = options;
  prepareDataDirectory(dataDir);
  const user = options.user ?? "ADMIN";
  const password = options.password ?? secretIn(dataDir, "password");
  const controlToken = secretIn(dataDir, "control-token");
  const clock = clockOf(options);
  const instance = await openInstance({
    folder: dataDir,
    clock,
    firstUser: { name: user, passwordHash: await hashPassword(password) },
    memoryLimit: options.memoryLimit ?? "2GB",
    onNote: (line) => tell({ kind: "repaired", line }),
    version,
  });
  clock.moveTo(latestTime(instance));
  const engine = new Engine(instance);
  tell({ kind: "opened", milliseconds: performance.now() - began });
  const server = await startServer(engine, {
    host: HOST,
    port: options.port ?? 0,
    controlToken,
    control: controls(clock),
    ...(options.limits && { limits: options.limits }),
  }).catch(async (error: unknown) => {
    await instance.storage.close();
    throw error;
  });
  const report = (error: unknown): void => tell({ kind: "serviceFailed", error });
  const mailer = new Mailer(
    instance,
    { folder: path.join(dataDir, "mail"), ...(options.smtpUrl !== undefined && { smtpUrl: options.smtpUrl }) },
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
  const forget = record(dataDir, server);
  const url = `http://${HOST}:${server.port}`;
  tell({ kind: "listening", url });

  const stopped = server.closed.then(async () => {
    for (const service of services) service.stop();
    await engine.close();
    await instance.storage.close();
    forget();
    tell({ kind: "stopped" });
  });
  return {
    host: HOST,
    port: server.port,
    url,
    user,
    password,
    account: instance.accountName,
    controlToken,
    now: () => new Date(clock.now() / 1000),
    advance: (seconds) => clock.advance(seconds * 1e6),
    stop: async () => {
      await server.close();
      await stopped;
    },
    stopped,
    engine,
    mailer,
  };
}

function clockOf({ clock, startsAt }: SnowglobeOptions): RealClock | VirtualClock {
  if (typeof clock === "object") return clock;
  if (clock !== "virtual") return new RealClock();
  return new VirtualClock(startsAt ? startsAt.getTime() * 1000 : new RealClock().now());
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

/** Says in the folder who serves it. @returns removes that again */
function record(dataDir: string, server: RunningServer): () => void {
  const marker = path.join(dataDir, "snowglobe.json");
  const state = {
    pid: process.pid,
    port: server.port,
    version,
    startedAt: new Date().toISOString(),
    instanceId: secretIn(dataDir, "instance-id"),
  };
  writeFileSync(marker, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  return () => rmSync(marker, { force: true });
}
