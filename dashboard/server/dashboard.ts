import type { Environment } from "../../loader/connection";
import { Mailbox } from "../mailbox";
import type { WatchedNames } from "../names";
import { Poller } from "../poller";
import { WatchedReader } from "../reader";
import { Access } from "./access";
import { readAssets, type Assets } from "./assets";
import type { Mount } from "./mount";
import { PageServer } from "./server";

/** One environment that is watched. */
export interface Watched {
  /** The SNOWFLAKE_* variables, asked for at each login. */
  readonly environment: () => Environment | Promise<Environment>;
  readonly names: WatchedNames;
  /** What is watched, for people. */
  readonly label: string;
  readonly intervalSeconds: number;
  /** See ReaderOptions; for an account, where warehouses cost. */
  readonly isSparing: boolean;
  /** Folder of .eml files. */
  readonly mailFolder?: string;
}

export interface DashboardOptions extends Watched {
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  /** Whoever knows it may look. At least 16 characters. */
  readonly token: string;
  /** Folder of the built page. */
  readonly pageFolder: string;
}

export interface RunningDashboard {
  readonly port: number;
  /** With the token. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves the page of one environment.
 *
 * @throws the system's error when the port cannot be had
 */
export async function startDashboard(options: DashboardOptions): Promise<RunningDashboard> {
  const { port, token, pageFolder } = options;
  const assets = readAssets(pageFolder);
  const server = new PageServer(assets, [environmentMount(options, "/", assets, [new Access(token)])]);
  return {
    port: await server.listen(port),
    address: server.address("/", token),
    close: () => server.close(),
  };
}

/** The page of one environment, at a place of its own. */
export function environmentMount(watched: Watched, path: string, assets: Assets, access: Mount["access"]): Mount {
  const { names, isSparing, environment, label, intervalSeconds, mailFolder } = watched;
  const mailbox = mailFolder === undefined ? undefined : new Mailbox(mailFolder);
  const reader = new WatchedReader({ names, isSparing, ...(mailbox ? { mailbox } : {}) });
  const poller = new Poller({
    environment,
    intervalMs: intervalSeconds * 1000,
    reader,
    about: { pageVersion: assets.version, label },
  });
  return {
    path,
    page: "index.html",
    access,
    subscribe: (listener) => poller.subscribe(listener),
    // The folder holds others' mails as well.
    mail: async (id) =>
      reader.findings().mails.data?.some((mail) => mail.id === id) ? await mailbox?.body(id) : undefined,
    close: () => poller.close(),
  };
}
