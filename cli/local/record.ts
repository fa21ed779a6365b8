import { readFileSync } from "node:fs";
import * as path from "node:path";

/** What a running snowglobe writes into its data folder once it listens. */
export interface SnowglobeRecord {
  readonly pid: number;
  readonly port: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Random for each data file: another id means other data. */
  readonly instanceId: string;
}

/** The record of the data folder, also of a process that died without removing it; undefined where there is none. */
export function readRecord(dataDir: string): SnowglobeRecord | undefined {
  try {
    return JSON.parse(readFileSync(path.join(dataDir, "snowglobe.json"), "utf8")) as SnowglobeRecord;
  } catch {
    return undefined;
  }
}

/** The password of user ADMIN. */
export function readPassword(dataDir: string): string {
  return readFileSync(path.join(dataDir, "password"), "utf8").trim();
}

/** Allows the control endpoints (shutdown, clock). */
export function readControlToken(dataDir: string): string {
  return readFileSync(path.join(dataDir, "control-token"), "utf8").trim();
}
