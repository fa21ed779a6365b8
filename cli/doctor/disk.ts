import { statfsSync, statSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheDir } from "../../plugins/cache";
import type { Context } from "../context";
import { formatCount } from "../output/table";
import { nearest, unwritable, writtenPlaces } from "../setup/writable";
import { fail, ok, warn, type Finding } from "./finding";

/** What the first `up` has yet to get. */
export interface Missing {
  readonly dbt: boolean;
  readonly engine: "download" | "build" | "none";
}

/** Megabytes that snowglobe's data and the stack's state may take. Below it nothing is begun. */
const DATA_MB = 500;
/** Megabytes of a first set-up: dbt's environment; the engine; of a build also what Go keeps in folders of its own. */
const DBT_MB = 500;
const DOWNLOADED_MB = 1_000;
const BUILT_MB = 300;
const GO_MODULES_MB = 2_200;
const GO_BUILD_MB = 2_500;
const GO_TEMPORARY_MB = 1_000;

/** The file system below a folder that is there. */
export type Disk = (folder: string) => { readonly device: number; readonly freeMb: number };

const systemDisk: Disk = (folder) => {
  const { bavail, bsize } = statfsSync(folder);
  return { device: statSync(folder).dev, freeMb: Math.floor((bavail * bsize) / 2 ** 20) };
};

interface Need {
  readonly folder: string;
  readonly mb: number;
}

/** The folders that the commands write into: each, or the nearest one above it, must take files. */
export function checkPlaces(context: Context): Finding[] {
  return writtenPlaces(context).map(({ name, folder, fix }) => {
    const there = unwritable(folder);
    return there === undefined ? ok(name, folder) : fail(name, `${there} cannot be written to`, fix);
  });
}

/** Free space: a finding for each file system that is written to, with all that is to go there. */
export function checkDisks({ paths, env }: Context, missing: Missing, disk: Disk = systemDisk): Finding[] {
  const home = env.HOME ?? os.homedir();
  const needs: Need[] = [
    { folder: paths.state, mb: DATA_MB },
    { folder: cacheDir(env), mb: (missing.dbt ? DBT_MB : 0) + engineMb(missing.engine) },
  ];
  if (missing.engine === "build")
    needs.push(
      { folder: env.GOMODCACHE || path.join(env.GOPATH || path.join(home, "go"), "pkg", "mod"), mb: GO_MODULES_MB },
      { folder: env.GOCACHE || goBuildCache(env, home), mb: GO_BUILD_MB },
      { folder: env.GOTMPDIR || os.tmpdir(), mb: GO_TEMPORARY_MB },
    );
  const disks = new Map<number, { freeMb: number; needs: Need[] }>();
  for (const need of needs) {
    const { device, freeMb } = disk(nearest(need.folder));
    disks.set(device, { freeMb, needs: [...(disks.get(device)?.needs ?? []), need] });
  }
  return [...disks.values()].map(({ freeMb, needs }) => checkDisk(freeMb, needs));
}

function checkDisk(free: number, needs: readonly Need[]): Finding {
  const wanted = needs.reduce((sum, { mb }) => sum + mb, 0);
  const text = `${formatCount(free)} MB free for ${needs.map(({ folder }) => folder).join(", ")}`;
  // Only what is sure to fail is a fault: downloads and builds vary.
  if (free < Math.min(DATA_MB, wanted)) return fail("disk", text, `make room: ${formatCount(wanted)} MB`);
  return free < wanted
    ? warn("disk", text, `a first up may take ${formatCount(wanted)} MB for a while`)
    : ok("disk", text);
}

function engineMb(engine: Missing["engine"]): number {
  return { download: DOWNLOADED_MB, build: BUILT_MB, none: 0 }[engine];
}

function goBuildCache(env: NodeJS.ProcessEnv, home: string): string {
  if (process.platform === "darwin") return path.join(home, "Library", "Caches", "go-build");
  return path.join(env.XDG_CACHE_HOME || path.join(home, ".cache"), "go-build");
}
