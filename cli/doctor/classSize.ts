import * as os from "node:os";
import { statfsSync } from "node:fs";
import { DEPLOYMENT_BYTES, defaultParallel } from "../class/pool";
import type { Context } from "../context";
import { formatCount } from "../output/table";
import { nearest } from "../setup/writable";
import { fail, ok, warn, type Finding } from "./finding";

/** Megabytes of memory that snowglobe takes with one environment, and for each more. Measured with all states loaded. */
const SNOWGLOBE_MB = 400;
const ENVIRONMENT_MB = 60;
/** Megabytes on disk for each environment: raw loans in two versions, dbt's output, the stack's state. */
const ENVIRONMENT_DISK_MB = 40;

/** What a computer has. */
export interface Machine {
  readonly cores: number;
  readonly freeMb: number;
  readonly freeDiskMb: number;
}

/** Whether this computer has room for a class on the local target, or for deploying one in an account. */
export function checkClassSize(
  { paths }: Context,
  attendees: number,
  isLocal: boolean,
  machine: Machine = thisMachine(paths.state),
): Finding[] {
  const parallel = defaultParallel(machine.cores, machine.freeMb * 2 ** 20);
  const deployment = DEPLOYMENT_BYTES / 2 ** 20;
  const memory = parallel * deployment + (isLocal ? SNOWGLOBE_MB + attendees * ENVIRONMENT_MB : 0);
  const disk = attendees * (isLocal ? ENVIRONMENT_DISK_MB : 5);
  const has = (need: number, free: number): string =>
    `${formatCount(need)} MB of ${formatCount(free)} MB that are free`;
  return [
    ok(
      "class",
      `${attendees} environments, ${parallel} at a time by ${machine.cores} cores and the memory that is free`,
    ),
    memory <= machine.freeMb
      ? ok("class memory", has(memory, machine.freeMb))
      : warn("class memory", has(memory, machine.freeMb), "end other programs, or take fewer at a time: --parallel 1"),
    disk <= machine.freeDiskMb
      ? ok("class disk", has(disk, machine.freeDiskMb))
      : fail("class disk", has(disk, machine.freeDiskMb), "free some, or move the state with WORKSHOP_STATE_DIR"),
  ];
}

function thisMachine(folder: string): Machine {
  const { bavail, bsize } = statfsSync(nearest(folder));
  return {
    cores: os.availableParallelism(),
    freeMb: Math.floor(os.freemem() / 2 ** 20),
    freeDiskMb: Math.floor((bavail * bsize) / 2 ** 20),
  };
}
