/** The chapters of docs/contributors.md, followed: what they say has to be done is done, and nothing else is needed. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import ts from "typescript";
import type { StatementModule } from "../../snowglobe/src/execution/statementModule";
import { BOOLEAN, NUMBER, VARCHAR } from "../../snowglobe/src/sql/ast/dataType";
import { blocksOf, ROOT } from "./markdown";

/** The files whose lines a chapter shows. */
function filesOf(chapter: string): string[] {
  const page = "docs/contributors.md";
  const text = readFileSync(path.join(ROOT, page), "utf8");
  const begin = text.indexOf(`\n## ${chapter}\n`);
  const end = text.indexOf("\n## ", begin + 1);
  return blocksOf(page, text.slice(begin, end)).map((block) => block.mark);
}

/** The files that do not compile once one of them has another text. */
function brokenBy(changed: string, edit: (text: string) => string): string[] {
  const file = path.join(ROOT, changed);
  const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost({ ...options, noUnusedLocals: false });
  const { readFile } = host;
  host.readFile = (name) => (path.resolve(name) === file ? edit(readFile(name)!) : readFile(name));
  host.getSourceFile = (name, version) => {
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, version, true);
  };
  const program = ts.createProgram([path.join(ROOT, "snowglobe/src/index.ts")], options, host);
  const own = program.getSourceFiles().filter(({ fileName }) => /\/snowglobe\/src\//.test(fileName));
  const broken = own.filter((one) => program.getSemanticDiagnostics(one).length > 0);
  return broken.map(({ fileName }) => path.relative(ROOT, fileName)).sort();
}

test("a plan node: the compiler names the places that the chapter names, and no other", () => {
  const broken = brokenBy("snowglobe/src/translate/plan.ts", (text) =>
    text
      .replace("  | SampleNode;", "  | SampleNode\n  | ProbeNode;")
      .concat(
        '\nexport interface ProbeNode extends PlanNode {\n  readonly kind: "probe";\n  readonly input: Plan;\n}\n',
      ),
  );
  expect(broken).toEqual(filesOf("Adding a plan node").sort());
}, 300_000);

test("a function that needs the catalog: a name in a folder's module is all that it takes", async () => {
  // The registry merges the modules when it is loaded: this one has more functions by then.
  const { streamModule } = await import("../../snowglobe/src/statements/stream/index.js");
  Object.assign(streamModule, {
    functions: {
      ...streamModule.functions,
      SYSTEM$STREAMS: (_, { instance }) => {
        const sql = String(instance.catalog.list("STREAM").length);
        return { kind: "expression", sql, type: NUMBER, volatility: "session" };
      },
    },
    tableFunctions: {
      STREAM_NAMES: (_args, { instance }, database) => ({
        kind: "sql",
        path: [database.name, "INFORMATION_SCHEMA", "STREAM_NAMES"],
        sql: `(SELECT unnest([${instance.catalog
          .list("STREAM")
          .map(({ name }) => `'${name}'`)
          .join(", ")}]) AS c1)`,
        columns: [{ name: "NAME", type: VARCHAR, nullable: true, physical: "c1" }],
      }),
    },
    acting: { SYSTEM$FORGET_STREAM: { type: BOOLEAN, act: async ([name]) => name === "S" } },
  } satisfies Partial<StatementModule>);
  const { startSnowglobe } = await import("../../snowglobe/tests/server.js");
  const snowglobe = await startSnowglobe();
  try {
    const client = await snowglobe.connect();
    await client.run("create database d", "create table t (a int)", "create stream s on table t");
    expect(await client.value("select system$streams()")).toBe(1);
    expect(await client.column("select name from table(d.information_schema.stream_names())")).toEqual(["S"]);
    expect(await client.value("call system$forget_stream('S')")).toBe(true);
  } finally {
    await snowglobe.stop();
  }
});
