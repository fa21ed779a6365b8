import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import { WRITERS, unitSize } from "./killedWriter";
import { Random } from "./randomSession";
import { TemporaryStorage } from "./temporaryStorage";

const ROUNDS = Number(process.env["STORAGE_KILL_ROUNDS"] ?? 4);

/** Lets the writers run for a while after their first acknowledged unit, and kills them. @returns the last units acknowledged */
function runAndKill(program: string, path: string, milliseconds: number): Promise<Map<number, number>> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [program, "--run", path], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_PATH: resolve("node_modules"), UV_THREADPOOL_SIZE: "16" },
    });
    let output = "";
    let errors = "";
    child.stderr.on("data", (data: Buffer) => (errors += data.toString()));
    child.stdout.on("data", (data: Buffer) => {
      if (output === "") setTimeout(() => child.kill("SIGKILL"), milliseconds);
      output += data.toString();
    });
    child.on("error", fail);
    child.on("close", (_, signal) => {
      if (signal !== "SIGKILL") return fail(new Error(`the writers ended by themselves: ${errors}`));
      const lines = output.slice(0, output.lastIndexOf("\n")).split("\n");
      done(new Map(lines.map((line) => line.split(" ").map(Number) as [number, number])));
    });
  });
}

test("after kill -9 all that was acknowledged is there, and nothing is half done", async () => {
  const random = new Random(7);
  const temporary = await TemporaryStorage.create();
  try {
    const program = join(temporary.directory, "writers.cjs");
    buildSync({
      entryPoints: [resolve("snowglobe/tests/storage/killedWriter.ts")],
      outfile: program,
      bundle: true,
      platform: "node",
      external: ["@duckdb/*"],
    });
    await temporary.storage.write(undefined, {}, async (w) => {
      await w.createTable(
        1,
        ["c1", "c2", "c3"].map((name) => ({ name, type: "BIGINT" })),
      );
      await w.createTable(
        2,
        ["c1", "c2"].map((name) => ({ name, type: "BIGINT" })),
      );
      await w.insert(2, ["c1", "c2"], `VALUES ${WRITERS.map((writer) => `(${writer}, 0)`).join(", ")}`);
      await w.run("CREATE TABLE catalog.progress (writer INTEGER, unit BIGINT)");
      await w.run(`INSERT INTO catalog.progress VALUES ${WRITERS.map((writer) => `(${writer}, 0)`).join(", ")}`);
    });
    for (let round = 0; round < ROUNDS; round += 1) {
      await temporary.storage.close();
      const acknowledged = await runAndKill(program, temporary.path, 200 + random.int(900));
      const storage = await temporary.open();

      const progress = await storage.query("SELECT writer, unit::INTEGER AS unit FROM catalog.progress ORDER BY 1");
      const { marks, units, versions } = await storage.read(undefined, undefined, async (r) => ({
        marks: await r.rows(`SELECT c1::INTEGER AS c1, c2::INTEGER AS c2 FROM ${r.current(2)} t`),
        units: await r.rows(
          `SELECT c1::INTEGER AS c1, c2::INTEGER AS c2, count(*)::INTEGER AS n, count(DISTINCT c3)::INTEGER AS d,
                  max(c3)::INTEGER AS m FROM ${r.current(1)} t GROUP BY ALL`,
        ),
        versions: await r.value(
          `SELECT count(*)::INTEGER FROM (SELECT _vf, _vt FROM data.t1 UNION ALL SELECT _vf, _vt FROM data.t2)
            WHERE _vf > ${r.snapshot} OR (_vt > ${r.snapshot} AND _vt < 9223372036854775807)`,
        ),
      }));
      expect(versions).toBe(0);
      expect(await storage.query("FROM storage.touched")).toEqual([]);
      const undone = (writer: number, unit: number) => writer % 2 === 1 && unit % 7 === 3;
      for (const { writer, unit } of progress.map((row) => ({
        writer: Number(row["writer"]),
        unit: Number(row["unit"]),
      }))) {
        expect(unit).toBeGreaterThanOrEqual(acknowledged.get(writer) ?? 0);
        const kept = Array.from({ length: unit }, (_, n) => n + 1).filter((n) => !undone(writer, n));
        expect(marks).toContainEqual({ c1: writer, c2: kept.at(-1) ?? 0 });
        const due = kept.map((n) => {
          const size = unitSize(writer, n);
          return { c1: writer, c2: n, n: size, d: size, m: size - 1 };
        });
        const seen = units.filter((row) => row["c1"] === writer).sort((a, b) => Number(a["c2"]) - Number(b["c2"]));
        expect(seen).toEqual(due);
      }
    }
  } finally {
    await temporary.remove();
  }
}, 600_000);
