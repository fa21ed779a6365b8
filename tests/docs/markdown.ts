/** What the pages of the documentation hold: blocks of code with their marks, tables, links. */
import { readFileSync } from "node:fs";
import * as path from "node:path";

export const ROOT = path.resolve(__dirname, "../..");

/** The pages, in the order in which their commands are run. */
export const PAGES = ["README.md", "docs/attendees.md", "docs/instructors.md", "docs/contributors.md"] as const;

/** A fenced block. */
export interface Block {
  /** Page and line of the first line inside, as `README.md:20`. */
  readonly at: string;
  /** The first word behind the fence. */
  readonly language: string;
  /** What follows it; empty where there is nothing. */
  readonly mark: string;
  readonly text: string;
}

function readPage(page: string): string {
  return readFileSync(path.join(ROOT, page), "utf8");
}

/** @throws Error where a fence is not closed */
export function blocksOf(page: string, text = readPage(page)): Block[] {
  const blocks: Block[] = [];
  let open: { at: string; info: string; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const info = /^```(.*)$/.exec(line)?.[1];
    if (open && info === undefined) open.lines.push(line);
    else if (open) {
      const [, language = "", mark = ""] = /^(\S*)\s*(.*)$/.exec(open.info) ?? [];
      blocks.push({ at: open.at, language, mark: mark.trim(), text: open.lines.join("\n") });
      open = undefined;
    } else if (info !== undefined) open = { at: `${page}:${index + 2}`, info, lines: [] };
  }
  if (open) throw new Error(`${open.at}: the block is not closed`);
  return blocks;
}

/** The page without its fenced blocks. */
export function proseOf(page: string): string {
  return readPage(page).replaceAll(/^```[^]*?^```$/gm, "");
}

/** Pieces of code inside the prose. In tables a bar is written `\|`. */
export function inlineCode(page: string): string[] {
  return [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!.replaceAll("\\|", "|"));
}

/** Files of the checkout that the page points to, pictures among them. */
export function linkedFiles(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"]+)"/g)]
    .map(([, link, source]) => (link ?? source)!)
    .filter((target) => !/^[a-z]+:|^#/.test(target))
    .map((target) => path.join(path.dirname(page), target.replace(/#.*$/, "")));
}
