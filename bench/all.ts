/**
 * All measurements one after the other, each on its own; what they print becomes docs/benchmarks.md.
 *
 *     ./workshop bench all [--json] [--max-rows 1000000]
 */
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { parseArgs, promisify } from "node:util";
import { findRoot } from "../cli/paths";
import { machine } from "./machine";

interface Part {
  readonly subject: "up" | "sql" | "results" | "refresh";
  readonly title: string;
  readonly args: readonly string[];
}

const ROWS = "1000000";
/** Characters that a measurement may print. */
const MOST_PRINTED = 16 * 1024 * 1024;

function parts(maxRows: string): readonly Part[] {
  const rows = ["--max-rows", maxRows];
  return [
    { subject: "up", title: "Commands", args: [] },
    { subject: "sql", title: "Statements, beside DuckDB and fakesnow", args: [] },
    { subject: "results", title: "Large results", args: rows },
    { subject: "refresh", title: "Refreshes with a budget", args: ["--budgets", ...rows] },
  ];
}

async function printed({ subject, args }: Part, json: boolean): Promise<string> {
  const program = path.join(findRoot(), ".workshop", "build", `bench-${subject}.cjs`);
  const all = [program, ...args, ...(json ? ["--json"] : [])];
  const { stdout } = await promisify(execFile)(process.execPath, all, { maxBuffer: MOST_PRINTED });
  return stdout.trimEnd();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: "boolean", default: false }, "max-rows": { type: "string", default: ROWS } },
  });
  const found: { readonly part: Part; readonly text: string }[] = [];
  for (const part of parts(values["max-rows"])) {
    console.error(`bench ${[part.subject, ...part.args].join(" ")} ...`);
    found.push({ part, text: await printed(part, values.json) });
  }
  if (values.json) {
    const measured = Object.fromEntries(found.map(({ part, text }) => [part.subject, JSON.parse(text) as unknown]));
    console.log(JSON.stringify({ machine: machine(), ...measured }, undefined, 2));
    return;
  }
  const sections = found.map(
    ({ part, text }) =>
      `## ${part.title}\n\n\`./workshop bench ${[part.subject, ...part.args].join(" ")}\`\n\n\`\`\`text\n${text}\n\`\`\`\n`,
  );
  const head = `# Benchmarks\n\nWritten by \`./workshop bench all\` on ${machine()}.\n`;
  const file = path.join(findRoot(), "docs", "benchmarks.md");
  writeFileSync(file, [head, ...sections].join("\n"));
  console.log(`written to ${path.relative(process.cwd(), file)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
