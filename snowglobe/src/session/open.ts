import { mkdir } from "node:fs/promises";
import { insert } from "../statements/dml/insert";
import { merge } from "../statements/dml/merge";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Catalog } from "../catalog/catalog";
import { tableSql } from "../account/keeping";
import { CATALOG_TABLES, replay } from "../catalog/change";
import type { Clock } from "../clock";
import { bootstrap, type FirstUser } from "./bootstrap";
import { Instance, type RefreshMethod } from "../execution/instance";
import { systemFunctions } from "../statements/registry";
import { Storage } from "../storage";
import { hostFunctions, macroDefinitions } from "../translate";

export interface OpenOptions {
  /** Folder of the data: `snowglobe.duckdb` and `stages/`. Made if it is missing. */
  readonly folder: string;
  readonly clock: Clock;
  readonly firstUser: FirstUser;
  /** DuckDB's memory limit, e.g. `2GB`. */
  readonly memoryLimit: string;
  readonly version: string;
  /** Told, in a line for people, what was found and repaired while the data were opened. */
  readonly onNote?: (line: string) => void;
  /** For tests and measurements. Default: CHEAPER */
  readonly refreshMethod?: RefreshMethod;
}

/**
 * Opens an account's data, or makes it.
 * @throws StorageOpenError with one line for people when the data file cannot be used
 */
export async function openInstance(options: OpenOptions): Promise<Instance> {
  const stageRoot = path.join(options.folder, "stages");
  const resultFolder = path.join(options.folder, "results");
  await mkdir(stageRoot, { recursive: true, mode: 0o700 });
  const storage = await Storage.open(path.join(options.folder, "snowglobe.duckdb"), {
    memoryLimit: options.memoryLimit,
    now: () => options.clock.now(),
    threads: availableParallelism(),
    // COPY reads and writes staged files, RESULT_SCAN reads results.
    fileDirectories: [stageRoot, resultFolder],
    functions: hostFunctions,
    ...(options.onNote && { onNote: options.onNote }),
  });
  const catalog = new Catalog();
  await storage.write(undefined, {}, async (writer) => {
    const definitions = [...CATALOG_TABLES, ...macroDefinitions];
    await writer.run(definitions.join(";\n"));
  });
  const objects = await storage.query("SELECT seq, id, doc FROM catalog.object_log");
  const grants = await storage.query("SELECT seq, kind, doc FROM catalog.grant_log");
  const ids = replay(catalog, {
    objects: objects.map((row) => ({ seq: Number(row.seq), id: Number(row.id), doc: row.doc as string | null })),
    grants: grants.map((row) => ({ seq: Number(row.seq), kind: row.kind as string, doc: row.doc as string })),
  });
  // Tables of temporary objects outlive a killed process: their ids must not be given out again.
  const instance = new Instance(
    storage,
    catalog,
    ids.above(storage.tableIds()),
    options.clock,
    {
      stageRoot,
      resultFolder,
      accountName: "SNOWGLOBE",
      organization: "WORKSHOP",
      region: "AWS_US_WEST_2",
      version: options.version,
      refreshMethod: options.refreshMethod ?? "CHEAPER",
    },
    systemFunctions,
  );
  instance.runCustom = (statement, context) =>
    statement.kind === "insert" ? insert(statement, context) : merge(statement, context);
  await dropOrphans(instance);
  const { keepings } = instance;
  await storage.write(undefined, {}, async (writer) => {
    await writer.run(keepings.map(tableSql).join(";\n"));
  });
  for (const keeping of keepings) {
    if (keeping.load) keeping.load(await storage.query(`SELECT * FROM catalog.${keeping.table.name}`));
  }
  await bootstrap(instance, options.firstUser);
  return instance;
}

/** Drops stored tables that no object of the catalog has: what was temporary when the last process ended. */
async function dropOrphans(instance: Instance): Promise<void> {
  const known = new Set<number>();
  for (const object of instance.catalog.all()) if ("storageId" in object) known.add(object.storageId);
  const orphans = instance.storage.tableIds().filter((id) => !known.has(id));
  if (orphans.length === 0) return;
  const tables = orphans.map((id) => ({ id, mode: "ddl" as const }));
  await instance.storage.write(undefined, { tables }, async (writer) => {
    for (const id of orphans) await writer.dropTable(id);
  });
}
