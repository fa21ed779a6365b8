/** What the pages say, checked without running it. What their commands do: commands.engine.test.ts. */
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { createProgram } from "../../cli/program";
import { commandLines, markOf, workshopFaults } from "./commandLines";
import { blocksOf, inlineCode, linkedFiles, PAGES, proseOf, ROOT } from "./markdown";

const { command: program } = createProgram(() => {
  throw new Error("no command is run here");
});
const LANGUAGES = ["", "sh", "sql", "python", "toml", "yaml", "ts"];

test("the checks see what is wrong", () => {
  const faults = (text: string): string[] => workshopFaults(program, text);
  expect(faults("./workshop upp")).toEqual(["there is no command upp"]);
  expect(faults("./workshop up --attende alice")).toEqual(["up has no option --attende"]);
  expect(faults("./workshop status all")).toEqual(["status takes no all"]);
  expect(faults("./workshop local start|stopp")).toEqual(["there is no command start|stopp"]);
  expect(faults("./workshop up --attendee alice --json")).toEqual([]);
  expect(faults("./workshop load [--states CA,NY] [--source URL|PATH]")).toEqual([]);
  expect(faults("./workshop dbt build --select x")).toEqual([]);
  expect(faults("./workshop preview --markdown > comment.md")).toEqual([]);
  expect(faults("for n in a; do ./workshop up --attendee $n --yess; done")).toEqual(["up has no option --yess"]);

  const [block] = blocksOf("x.md", "text\n```sh asks\na \\\n  b  # why\n# nothing\n\nc '#1'\n```\n");
  expect(commandLines(block!)).toEqual([
    { at: "x.md:3", mark: "asks", text: "a \\\n  b" },
    { at: "x.md:7", mark: "asks", text: "c '#1'" },
  ]);
  expect(() => commandLines({ ...block!, mark: "acount" })).toThrow("x.md:3: unknown mark 'acount'");
  expect(() => blocksOf("x.md", "```sh\na\n")).toThrow("x.md:2: the block is not closed");
});

describe.each(PAGES)("%s", (page) => {
  const blocks = blocksOf(page);

  test("every block says what it is, and has a mark that is known", () => {
    expect(blocks.filter(({ language }) => !LANGUAGES.includes(language))).toEqual([]);
    for (const block of blocks) if (["sh", "sql"].includes(block.language)) markOf(block);
  });

  test("every call of ./workshop is one that the command line takes", () => {
    const calls = [
      ...blocks
        .filter(({ language }) => language === "sh")
        .flatMap(commandLines)
        .map(({ text }) => text),
      ...inlineCode(page),
    ].filter((text) => /\.\/workshop /.test(text));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.flatMap((text) => workshopFaults(program, text).map((fault) => `${text}: ${fault}`))).toEqual([]);
  });

  test("what it links to is there", () => {
    const missing = linkedFiles(page).filter((file) => !existsSync(path.join(ROOT, file)));
    expect(missing).toEqual([]);
  });

  test("code that it quotes stands so in the file that it names", () => {
    const quoted = blocks.filter(({ language }) => language === "ts");
    for (const { at, mark, text } of quoted) {
      const source = trimmed(readFileSync(path.join(ROOT, mark), "utf8"));
      let from = 0;
      for (const part of text.split(/^\s*\/\/ \.\.\.$/m)) {
        const found = source.indexOf(trimmed(part), from);
        if (found < 0) throw new Error(`${at}: this does not stand in ${mark}, or not in this order:\n${part}`);
        from = found + 1;
      }
    }
  });
});

test("the table of the README names every command, and each has a line that is run or says why not", () => {
  const rows = [...proseOf("README.md").matchAll(/^\| `\.\/workshop (\w+)/gm)].map(([, name]) => name);
  expect([...new Set(rows)].sort()).toEqual(program.commands.map((command) => command.name()).sort());
  const lines = PAGES.flatMap((page) => blocksOf(page))
    .filter(({ language }) => language === "sh")
    .flatMap(commandLines);
  const shown = lines.map(({ text }) => /\.\/workshop (\w+)/.exec(text)?.[1]);
  expect(program.commands.map((command) => command.name()).filter((name) => !shown.includes(name))).toEqual([]);
});

/** Lines without their indentation, so that a quotation need not keep it. */
function trimmed(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .join("\n")
    .replaceAll(/^\n+|\n+$/g, "");
}
