/** The workflows of GitHub: what they trust, and that their scripts can be run. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { createProgram } from "../../cli/program";
import { fakeContext, removeFolders } from "../cli/support/context";
import { workshopFaults } from "./commandLines";
import { ROOT } from "./markdown";

const FOLDER = path.join(ROOT, ".github", "workflows");
const workflows = readdirSync(FOLDER).map((name) => [name, readFileSync(path.join(FOLDER, name), "utf8")] as const);

afterAll(removeFolders);

/** The jobs' texts by their names. */
function jobsOf(workflow: string): Map<string, string> {
  const parts = workflow.slice(workflow.indexOf("\njobs:\n")).split(/^ {2}(\w+):\n/m);
  return new Map(Array.from({ length: (parts.length - 1) / 2 }, (_, i) => [parts[2 * i + 1]!, parts[2 * i + 2]!]));
}

/** Scripts behind `run: |`, and single lines behind `run:`. */
function scriptsOf(workflow: string): string[] {
  const found: string[] = [];
  const lines = workflow.split("\n");
  for (const [i, line] of lines.entries()) {
    const [, indent, rest] = /^( *)(?:- )?run: (.*)$/.exec(line) ?? [];
    if (indent === undefined) continue;
    const end = lines.findIndex((next, j) => j > i && next !== "" && !next.startsWith(`${indent}  `));
    found.push(rest === "|" ? lines.slice(i + 1, end === -1 ? undefined : end).join("\n") : rest!);
  }
  return found;
}

describe.each(workflows)("%s", (_name, text) => {
  test("takes each action at a commit, and says of which version", () => {
    const uses = text.split("\n").filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("holds no key that lives long", () => {
    expect(text).not.toMatch(/\bsecrets\./);
  });

  test("lets a job get at an account by an approved environment only, and write by the one that runs no branch's code", () => {
    for (const [, job] of jobsOf(text)) {
      if (/id-token: write/.test(job)) expect(job).toMatch(/^ {4}environment: account-preview$/m);
      if (/pull-requests: write/.test(job)) expect(job).not.toMatch(/actions\/checkout|\.\/workshop/);
      for (const [, granted] of job.matchAll(/^ {6}([\w-]+): write$/gm))
        expect(["id-token", "pull-requests"]).toContain(granted);
    }
  });

  test("has scripts that a shell can read, whose commands are ours", () => {
    const { command } = createProgram(() => fakeContext());
    for (const script of scriptsOf(text)) {
      execFileSync("bash", ["-n"], { input: script });
      expect(workshopFaults(command, script.replaceAll(/ \\\n\s*/g, " ").replaceAll(/\$\{[^}]*\}/g, ""))).toEqual([]);
    }
  });
});

test("the preview's list of attendees is that of their settings files", () => {
  const preview = new Map(workflows).get("preview.yml")!;
  const line = scriptsOf(preview)[0]!
    .split("\n")
    .find((one) => one.trim().startsWith("attendees="))!;
  const script = `set -- '' Pulumi.dev-alice.yaml Pulumi.dev-bob_2.yaml 'Pulumi.dev-$(id).yaml'\n${line
    .replace("'' Pulumi.dev-*.yaml", '"$@"')
    .replace(/ \| jq .*$/, ")")}\nprintf '%s' "$attendees"`;
  expect(execFileSync("bash", ["-c", script], { encoding: "utf8" })).toBe("\nalice\nbob_2");
});
