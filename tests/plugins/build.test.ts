/**
 * Where builds are kept and how they are guarded: keys, folders, the lock, interruption. A builder that writes a few
 * bytes stands in for Go; that Go really builds is shown by the *.engine.test.ts files beside this one.
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { EventEmitter, once } from "node:events";
import * as path from "node:path";
import { ensureBuilt, type Builder, type BuildOptions } from "../../plugins/build";
import { cacheDir } from "../../plugins/cache";
import { withLock } from "../../plugins/lock";
import type { EngineProgress } from "../../plugins/progress";
import { engineKey, findSources, PLUGINS, type Sources } from "../../plugins/sources";
import { removeScratch, ROOT, scratch } from "./support";

afterEach(removeScratch);

/** A copy of the real modules that a test may edit. */
function sourcesCopy(): Sources {
  const dir = path.join(scratch(), "plugins");
  for (const module of ["engine", "snowflake"])
    cpSync(path.join(ROOT, "plugins", module), path.join(dir, module), { recursive: true });
  return findSources(dir)!;
}

const quickBuilder: Builder = ({ into, sources }) => {
  for (const target of sources.targets) {
    mkdirSync(path.dirname(path.join(into, target.output)), { recursive: true });
    writeFileSync(path.join(into, target.output), target.name);
  }
  return Promise.resolve("go1.99");
};

function options(cache: string, builder: Builder, more: Partial<BuildOptions> = {}): BuildOptions {
  return { sources: findSources(ROOT)!, cache, env: {}, report: () => undefined, builder, ...more };
}

describe("sources", () => {
  test("are found from a folder below the checkout, and not outside of it", () => {
    expect(findSources(path.join(ROOT, "tests", "plugins"))?.dir).toBe(path.join(ROOT, "plugins"));
    expect(findSources(scratch())).toBeUndefined();
  });

  test("name the plugin versions that the npm packages ask for", () => {
    for (const plugin of PLUGINS) {
      const file = path.join(ROOT, "node_modules", "@pulumi", plugin.name, "package.json");
      const asked = (JSON.parse(readFileSync(file, "utf8")) as { pulumi: { name: string; version?: string } }).pulumi;
      expect({ name: asked.name, version: asked.version }).toEqual(plugin);
    }
  });

  test("write the same versions into the plugins themselves", () => {
    const goFiles = ["engine/cmd/pulumi-resource-command/main.go", "snowflake/provider.go"];
    const versions = goFiles.map(
      (f) => /version = "(.*)"/.exec(readFileSync(path.join(ROOT, "plugins", f), "utf8"))?.[1],
    );
    expect(versions).toEqual(PLUGINS.map((p) => p.version));
  });
});

describe("the key of a build", () => {
  test("stays when nothing changes, wherever the sources lie", () => {
    expect(engineKey(sourcesCopy())).toBe(engineKey(sourcesCopy()));
  });

  test.each([
    ["a Go source", "snowflake/provider.go"],
    ["a lock file", "engine/go.sum"],
    ["a module file", "snowflake/go.mod"],
  ])("changes with %s", (_what, file) => {
    const sources = sourcesCopy();
    const before = engineKey(sources);
    const full = path.join(sources.dir, file);
    writeFileSync(full, readFileSync(full, "utf8") + "\n");
    expect(engineKey(sources)).not.toBe(before);
  });

  test("changes with a new source file, not with one of Go's tests or a note", () => {
    const sources = sourcesCopy();
    const before = engineKey(sources);
    writeFileSync(path.join(sources.dir, "snowflake", "new_test.go"), "package main");
    writeFileSync(path.join(sources.dir, "snowflake", "NOTES.md"), "a note");
    expect(engineKey(sources)).toBe(before);
    writeFileSync(path.join(sources.dir, "snowflake", "new.go"), "package main");
    expect(engineKey(sources)).not.toBe(before);
  });

  test("changes with the Go version that the modules ask for", () => {
    const sources = sourcesCopy();
    expect(engineKey({ ...sources, goVersion: "1.99" })).not.toBe(engineKey(sources));
  });
});

describe("the cache", () => {
  test("is chosen by WORKSHOP_CACHE_DIR, then XDG_CACHE_HOME, then the home folder", () => {
    expect(cacheDir({ WORKSHOP_CACHE_DIR: "/a", XDG_CACHE_HOME: "/b", HOME: "/c" })).toBe("/a");
    expect(cacheDir({ XDG_CACHE_HOME: "/b", HOME: "/c" })).toBe("/b/snowflake-workshop");
    expect(cacheDir({ XDG_CACHE_HOME: "relative", HOME: "/c" })).toBe("/c/.cache/snowflake-workshop");
  });

  test("gets a whole engine from a build, and the next call builds nothing", async () => {
    const cache = scratch();
    const first = await ensureBuilt(options(cache, quickBuilder));
    expect(readdirSync(cache)).toEqual([path.basename(first.root)]);
    expect(readFileSync(path.join(first.root, "bin", "pulumi"), "utf8")).toBe("the Pulumi CLI");
    const never: Builder = () => Promise.reject(new Error("built again"));
    expect((await ensureBuilt(options(cache, never))).root).toBe(first.root);
  });

  test("is left empty by a build that fails half way, and the next build succeeds", async () => {
    const cache = scratch();
    const failing: Builder = async (context) => {
      await quickBuilder(context);
      throw new Error("no space left on device");
    };
    await expect(ensureBuilt(options(cache, failing))).rejects.toThrow("no space left on device");
    expect(readdirSync(cache)).toEqual([]);
    expect((await ensureBuilt(options(cache, quickBuilder))).manifest.go).toBe("go1.99");
  });

  test("is left empty by a build that is interrupted", async () => {
    const cache = scratch();
    const interrupt = new AbortController();
    const interrupted: Builder = async (context) => {
      await quickBuilder(context);
      interrupt.abort();
      return "go1.99";
    };
    await expect(ensureBuilt(options(cache, interrupted, { signal: interrupt.signal }))).rejects.toThrow("interrupted");
    expect(readdirSync(cache)).toEqual([]);
  });

  test("takes a folder without its manifest, as a crash leaves it, for no engine", async () => {
    const cache = scratch();
    const key = engineKey(findSources(ROOT)!);
    const half = path.join(cache, `engine-${key}`);
    mkdirSync(path.join(half, "bin"), { recursive: true });
    writeFileSync(path.join(half, "bin", "pulumi"), "half");
    const { root } = await ensureBuilt(options(cache, quickBuilder));
    expect(root).toBe(half);
    expect(readFileSync(path.join(root, "bin", "pulumi"), "utf8")).toBe("the Pulumi CLI");
  });

  test("loses what dead builds left and engines unused for a month, not others", async () => {
    const cache = scratch();
    const dead = spawn(process.execPath, ["-e", ""]);
    await once(dead, "exit");
    const old = new Date(Date.now() - 31 * 24 * 3600 * 1000);
    for (const name of [
      `building-abc-${dead.pid}`,
      `building-abc-${process.ppid}`,
      "engine-aaa",
      "engine-bbb",
      "other",
    ])
      mkdirSync(path.join(cache, name));
    for (const name of ["engine-aaa", "engine-bbb"]) writeFileSync(path.join(cache, name, "engine.json"), "{}");
    utimesSync(path.join(cache, "engine-aaa", "engine.json"), old, old);
    const { root } = await ensureBuilt(options(cache, quickBuilder));
    expect(readdirSync(cache).sort()).toEqual(
      [`building-abc-${process.ppid}`, "engine-bbb", path.basename(root), "other"].sort(),
    );
  });
});

describe("two builds at once", () => {
  test("build once; the second waits, says for whom, and gets the first one's engine", async () => {
    const cache = scratch();
    let builds = 0;
    const gate = new EventEmitter();
    const released = once(gate, "release");
    const slow: Builder = async (context) => {
      builds++;
      await released;
      return quickBuilder(context);
    };
    const seen: Omit<EngineProgress, "elapsedMs">[] = [];
    const first = ensureBuilt(options(cache, slow));
    const waits = new Promise<void>((resolve) => {
      const report: BuildOptions["report"] = (event) => {
        seen.push(event);
        resolve();
      };
      void ensureBuilt(options(cache, slow, { report })).then(({ root }) => seen.push({ step: "done", message: root }));
    });
    await waits;
    expect(seen[0]).toEqual({ step: "wait", message: `waiting for the build that process ${process.pid} is running` });
    gate.emit("release");
    const { root } = await first;
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen[1]!.message).toBe(root);
    expect(builds).toBe(1);
  });
});

describe("a lock", () => {
  const held = (pid: number) => JSON.stringify({ pid, token: "t" });

  test("is there while the work goes on and gone after it, also after a failure", async () => {
    const file = path.join(scratch(), "lock");
    await withLock(file, {}, () => Promise.resolve(expect(existsSync(file)).toBe(true)));
    expect(existsSync(file)).toBe(false);
    await expect(withLock(file, {}, () => Promise.reject(new Error("work failed")))).rejects.toThrow("work failed");
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  test("of a dead process is taken over", async () => {
    const file = path.join(scratch(), "lock");
    const dead = spawn(process.execPath, ["-e", ""]);
    await once(dead, "exit");
    writeFileSync(file, held(dead.pid!));
    await expect(withLock(file, {}, () => Promise.resolve("mine"))).resolves.toBe("mine");
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  test("of a living process that has been silent for over a minute is taken over (ids are reused)", async () => {
    const file = path.join(scratch(), "lock");
    writeFileSync(file, held(process.ppid));
    const old = new Date(Date.now() - 61_000);
    utimesSync(file, old, old);
    await expect(withLock(file, {}, () => Promise.resolve("mine"))).resolves.toBe("mine");
  });

  test("of a living process is waited for, until the wait is interrupted", async () => {
    const file = path.join(scratch(), "lock");
    writeFileSync(file, held(process.ppid));
    const interrupt = new AbortController();
    const holders: number[] = [];
    const waiting = withLock(
      file,
      {
        signal: interrupt.signal,
        onWait: (pid) => {
          holders.push(pid);
          interrupt.abort();
        },
      },
      () => Promise.resolve(),
    );
    await expect(waiting).rejects.toThrow("interrupted");
    expect(holders).toEqual([process.ppid]);
    expect(readFileSync(file, "utf8")).toBe(held(process.ppid));
  });

  test("lets many through, one at a time", async () => {
    const file = path.join(scratch(), "lock");
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, {}, work)));
    expect(most).toBe(1);
  });
});
