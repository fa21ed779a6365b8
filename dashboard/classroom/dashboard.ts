import type { Environment } from "../../loader/connection";
import { Poller } from "../poller";
import { Access } from "../server/access";
import { readAssets } from "../server/assets";
import { environmentMount, type RunningDashboard, type Watched } from "../server/dashboard";
import type { Mount } from "../server/mount";
import { PageServer } from "../server/server";
import type { WatchedMember } from "./member";
import { ClassReader, type ClassReaderOptions } from "./reader";

/** One of the class, with a page of her own. */
export interface ClassMember extends WatchedMember, Pick<Watched, "environment"> {
  /** Opens her own page, and no other. At least 16 characters. */
  readonly token: string;
}

export interface ClassDashboardOptions
  extends
    Pick<Watched, "label" | "intervalSeconds" | "isSparing" | "mailFolder">,
    Pick<ClassReaderOptions, "scenarioOf"> {
  /** TCP port; 0 lets the system choose. */
  readonly port: number;
  /** Address of this computer to listen on; default: 127.0.0.1. */
  readonly host?: string;
  /** Opens the wall and every page. At least 16 characters. */
  readonly token: string;
  readonly pageFolder: string;
  /** How to connect as somebody who may see all environments. */
  readonly environment: () => Environment | Promise<Environment>;
  /** One at least. */
  readonly members: readonly ClassMember[];
}

export interface RunningClassDashboard extends RunningDashboard {
  /** Each member's own page, with her token. */
  readonly links: readonly { readonly name: string; readonly address: string }[];
}

/**
 * Serves the wall, a page on which every environment of a class has a line, and behind each line that environment's own
 * page. Whoever has a member's link sees her page only.
 *
 * @throws the system's error when the port cannot be had
 */
export async function startClassDashboard(options: ClassDashboardOptions): Promise<RunningClassDashboard> {
  const { members, environment, isSparing, scenarioOf, intervalSeconds, label, mailFolder } = options;
  const assets = readAssets(options.pageFolder);
  const wall = new Access(options.token);
  const poller = new Poller({
    environment,
    intervalMs: intervalSeconds * 1000,
    reader: new ClassReader({ members, isSparing, ...(scenarioOf ? { scenarioOf } : {}) }),
    about: { pageVersion: assets.version, label },
  });
  const pages = members.map((member): Mount => {
    const watched = {
      ...member,
      intervalSeconds,
      isSparing,
      label: member.name,
      ...(mailFolder ? { mailFolder } : {}),
    };
    return environmentMount(watched, pathOf(member.name), assets, [new Access(member.token), wall]);
  });
  const first: Mount = {
    path: "/",
    page: "class.html",
    access: [wall],
    subscribe: (listener) => poller.subscribe(listener),
    close: () => poller.close(),
  };
  const server = new PageServer(assets, [...pages, first], options.host);
  return {
    port: await server.listen(options.port),
    address: server.address("/", options.token),
    links: members.map(({ name, token }) => ({ name, address: server.address(pathOf(name), token) })),
    close: () => server.close(),
  };
}

/** Attendees' names are letters, digits and underscores. */
function pathOf(name: string): string {
  return `/${encodeURIComponent(name)}/`;
}
