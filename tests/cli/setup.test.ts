/** Setting up: Python, dbt's virtual environment, the engine's progress, the interrupt. */
import { EventEmitter } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { ProcessInterrupt } from "../../cli/interrupt";
import { ensureDbt, findDbt } from "../../cli/setup/dbt";
import { countPackages, installFailure, keyOf, type Run } from "../../cli/setup/virtualEnvironment";
import { describe as describeEngine } from "../../cli/setup/engine";
import { findPython, type Probe } from "../../cli/setup/python";
import { newFolder, removeFolders } from "./support/context";

afterEach(removeFolders);

describe("Python", () => {
  const probe =
    (versions: Readonly<Record<string, string>>): Probe =>
    async (command) =>
      versions[command] && `${versions[command]}\n/usr/bin/${command}\n`;

  test.each([
    [{ python3: "3.11" }, "3.11", "/usr/bin/python3"],
    [{ python3: "3.9", "python3.12": "3.12" }, "3.12", "/usr/bin/python3.12"],
    [{ python3: "3.14", "python3.10": "3.10" }, "3.10", "/usr/bin/python3.10"],
    [{ python: "3.13" }, "3.13", "/usr/bin/python"],
  ])("of %j is %s", async (versions, version, executable) => {
    expect(await findPython({}, probe(versions as unknown as Record<string, string>))).toEqual({ version, executable });
  });

  test("missing", async () => {
    await expect(findPython({}, probe({}))).rejects.toThrow(
      "Python is missing; dbt needs Python 3.10 to 3.13. Install one from https://www.python.org, or name its executable in WORKSHOP_PYTHON.",
    );
  });
  test("too old or too new", async () => {
    await expect(findPython({}, probe({ python3: "3.9", python: "2.7" }))).rejects.toThrow(
      /^dbt needs Python 3\.10 to 3\.13; there is only 3\.9, 2\.7\. Install/,
    );
  });
  test("the chosen one is taken or refused, never passed over", async () => {
    const versions = { python3: "3.12", "/opt/python": "3.10" };
    expect(await findPython({ WORKSHOP_PYTHON: "/opt/python" }, probe(versions))).toMatchObject({ version: "3.10" });
    await expect(findPython({ WORKSHOP_PYTHON: "/opt/none" }, probe(versions))).rejects.toThrow(
      'WORKSHOP_PYTHON is "/opt/none", which does not run as a Python; dbt needs Python 3.10 to 3.13.',
    );
  });
});

describe("dbt's virtual environment", () => {
  const REQUIREMENTS =
    "# locked\ndbt-core==1.11.2 \\\n    --hash=sha256:aa\nagate==1.9.1 ; python_version < '4' \\\n    --hash=sha256:bb\n";
  let env: NodeJS.ProcessEnv;
  let requirements: string;
  let calls: string[][];

  /** Makes what `python -m venv` and pip would. */
  const fake =
    (pip: (onLine: (line: string) => void) => number | Promise<number>): Run =>
    async (program, args, { onLine }) => {
      calls.push([path.basename(program), ...args]);
      if (args[1] === "venv") {
        mkdirSync(path.join(args[2]!, "bin"), { recursive: true });
        return 0;
      }
      const code = await pip(onLine);
      if (code === 0) writeFileSync(path.join(path.dirname(program), "dbt"), "");
      return code;
    };

  beforeEach(() => {
    const folder = newFolder();
    const python = path.join(folder, "python");
    writeFileSync(python, `#!/bin/sh\necho 3.12\necho "${python}"\n`);
    chmodSync(python, 0o755);
    requirements = path.join(folder, "requirements.txt");
    writeFileSync(requirements, REQUIREMENTS);
    env = { ...process.env, WORKSHOP_PYTHON: python, WORKSHOP_CACHE_DIR: path.join(folder, "cache") };
    calls = [];
  });

  test("is made once, with hashes checked and progress told", async () => {
    const progress: string[] = [];
    const run = fake((onLine) => {
      for (const line of ["Collecting dbt-core==1.11.2", "Collecting agate", "Installing collected packages: a"])
        onLine(line);
      return 0;
    });
    const made = await ensureDbt({ requirements, env, run, onProgress: (text) => progress.push(text) });
    expect(progress).toEqual([
      "making the virtual environment",
      "1 of 2 packages",
      "2 of 2 packages",
      "writing 2 packages, about half a minute",
    ]);
    expect(calls[1]).toEqual(expect.arrayContaining(["--require-hashes", "--requirement", requirements]));
    expect(await ensureDbt({ requirements, env, run })).toEqual(made);
    expect(calls).toHaveLength(2);
    expect(await findDbt(requirements, env)).toEqual(made);
  });

  test("a failed installation names pip's reason, and the next run starts anew", async () => {
    const failing = fake((onLine) => {
      onLine("ERROR: No matching distribution found for dbt-core==1.11.2");
      onLine("[notice] something else");
      return 1;
    });
    await expect(ensureDbt({ requirements, env, run: failing })).rejects.toThrow(
      /^dbt could not be installed: No matching distribution found for dbt-core==1\.11\.2\n/,
    );
    expect(await findDbt(requirements, env)).toBeUndefined();
    await ensureDbt({ requirements, env, run: fake(() => 0) });
    expect(calls.map((words) => words.find((word) => word === "venv" || word === "pip"))).toEqual([
      "venv",
      "pip",
      "venv",
      "pip",
    ]);
    expect(await findDbt(requirements, env)).toBeDefined();
  });

  test("an interrupted one does not count as there", async () => {
    const interrupt = new AbortController();
    const run = fake(() => {
      interrupt.abort();
      return 1;
    });
    await expect(ensureDbt({ requirements, env, run, signal: interrupt.signal })).rejects.toMatchObject({
      name: "Interrupted",
      exitCode: 130,
    });
    expect(await findDbt(requirements, env)).toBeUndefined();
  });

  test("two at once make one", async () => {
    const run = fake(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 0;
    });
    const [a, b] = await Promise.all([ensureDbt({ requirements, env, run }), ensureDbt({ requirements, env, run })]);
    expect(a).toEqual(b);
    expect(calls).toHaveLength(2);
    expect(readdirSync(env.WORKSHOP_CACHE_DIR!)).toHaveLength(1);
  });

  test("another lock file or Python is another environment", () => {
    const key = keyOf(requirements, "3.12");
    expect(keyOf(requirements, "3.12")).toBe(key);
    expect(keyOf(requirements, "3.11")).not.toBe(key);
    writeFileSync(requirements, `${readFileSync(requirements, "utf8")}\n`);
    expect(keyOf(requirements, "3.12")).not.toBe(key);
    expect(existsSync(env.WORKSHOP_CACHE_DIR!)).toBe(false);
  });

  test("counts packages, not their hashes", () => {
    expect(countPackages(REQUIREMENTS)).toBe(2);
  });
  test("without an ERROR line the last one is the reason", () => {
    expect(installFailure("dbt", ["a", "no space left on device"])).toMatch(/installed: no space left on device\n/);
    expect(installFailure("dbt", [])).toMatch(/no reason given/);
  });
});

test.each([
  [{ step: "look", message: "looking" }, "looking"],
  [{ step: "packages", message: "compiling", done: 412, total: 1103 }, "compiling, 412 of 1,103 packages"],
  [{ step: "modules", message: "downloading", done: 3 }, "downloading, 3 modules"],
] as const)("the engine's progress %j", (progress, expected) => {
  expect(describeEngine({ elapsedMs: 0, ...progress })).toBe(expected);
});

describe("the interrupt", () => {
  let process_: EventEmitter;
  let interrupt: ProcessInterrupt;
  beforeEach(() => {
    process_ = new EventEmitter();
    interrupt = new ProcessInterrupt(process_ as unknown as NodeJS.Process, 20);
  });
  afterEach(() => interrupt.dispose());
  const whileRunning = (work: (abort: AbortSignal) => void): Promise<boolean> =>
    interrupt.whileRunning(async (abort) => {
      work(abort);
      await new Promise((resolve) => setTimeout(resolve, 100));
      return abort.aborted;
    });

  test("SIGINT that the engine noticed itself is not sent again", async () => {
    const aborted = await whileRunning(() => {
      process_.emit("SIGINT");
      interrupt.noticedByChild();
    });
    expect(aborted).toBe(false);
    expect(interrupt.signal.aborted).toBe(true);
  });
  test("SIGINT that reached this process alone is passed on", async () => {
    expect(await whileRunning(() => process_.emit("SIGINT"))).toBe(true);
  });
  test("SIGTERM is passed on at once", async () => {
    const abortedAtOnce: boolean[] = [];
    await whileRunning((abort) => {
      process_.emit("SIGTERM");
      abortedAtOnce.push(abort.aborted);
    });
    expect(abortedAtOnce).toEqual([true]);
  });
  test("without a child it ends what this process does itself", () => {
    process_.emit("SIGINT");
    expect(interrupt.signal.aborted).toBe(true);
  });
  test("when disposed it listens no more", () => {
    interrupt.dispose();
    expect(process_.listenerCount("SIGINT") + process_.listenerCount("SIGTERM")).toBe(0);
  });
});
