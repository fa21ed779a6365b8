import { kindOf, type ResourceChange } from "../output/deployment";
import { plannedSummary } from "../stack/operations";
import type { DbtChange, DbtChanges } from "./dbtChanges";
import type { PlannedDefinition } from "./definitions";
import { differenceText, inlineText, isLong } from "./propertyText";

/** What the comment tells of. */
export interface Review {
  readonly stack: string;
  readonly changes: readonly ResourceChange[];
  /** How many resources by kind of change, as the engine counts. */
  readonly summary: Readonly<Record<string, number>>;
  /** What the changes cost, a line each. */
  readonly costs: readonly string[];
  /** What dbt would make of its project. */
  readonly definitions: readonly PlannedDefinition[];
  readonly dbt: DbtChanges;
}

/** By this a program finds its own comment again, to renew it. */
export const REVIEW_MARK = "<!-- workshop-preview -->";

/** Characters of differences in all: a comment on GitHub may have 65,536. */
const MOST_DIFF = 45_000;

const OPERATIONS = [
  { op: "create", sign: "+", title: "to create" },
  { op: "update", sign: "~", title: "to update" },
  { op: "replace", sign: "±", title: "to replace" },
  { op: "delete", sign: "-", title: "to delete" },
] as const;

/**
 * A preview as the text of a comment on a pull request: each property with its old and new value, secrets masked, and
 * statements as differences; differences of the dbt project are those of the repository. Pure.
 */
export function reviewText({ stack, changes, summary, costs, definitions, dbt }: Review): string {
  return [
    REVIEW_MARK,
    `### Preview of stack \`${stack}\``,
    "",
    ...resources(changes, summary),
    ...replacements(changes),
    ...(costs.length > 0 ? ["**Cost**", "", ...costs.map((line) => `- ${line}`), ""] : []),
    ...definitionTable(definitions),
    ...dbtProject(dbt),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function resources(changes: readonly ResourceChange[], summary: Review["summary"]): string[] {
  const groups = OPERATIONS.map((o) => ({ ...o, members: changes.filter(({ op }) => op === o.op) }));
  const counted = groups.filter(({ members }) => members.length > 0);
  if (counted.length === 0) {
    const same = summary.same ? [`${summary.same} unchanged`] : [];
    return [["No resource changes", ...same].join("; "), ""];
  }
  return [
    `**${plannedSummary(summary)}**`,
    "",
    ...counted.flatMap(({ op, sign, title, members }) => [
      `<details${members.length <= 15 ? " open" : ""}><summary>${members.length} ${title}${components(op, members.length, summary)}</summary>`,
      "",
      "| | resource | object | kind | properties |",
      "|---|---|---|---|---|",
      ...members.map((change) => {
        const { name, object, type } = change;
        return row([sign, code(name), object ? code(object) : "", kindOf(type), propertyTexts(change).join("<br>")]);
      }),
      "",
      "</details>",
      "",
      ...members.flatMap(longValues),
    ]),
  ];
}

/** The engine counts the components around changed resources as well; they hold nothing themselves. */
function components(op: string, listed: number, summary: Review["summary"]): string {
  const around = (summary[op] ?? listed) - listed;
  return around > 0 ? `, and ${around} component${around === 1 ? "" : "s"} around them` : "";
}

function propertyTexts({ properties, diffs = [] }: ResourceChange): string[] {
  return (properties?.length ? properties.map(inlineText) : diffs).map(code);
}

/** Statements and other long texts, by the lines that differ. */
function longValues({ name, properties = [] }: ResourceChange): string[] {
  return properties
    .filter(isLong)
    .flatMap((property) => [
      `<details><summary><code>${escapeHtml(name)}</code> ${escapeHtml(property.path)}</summary>`,
      "",
      ...fenced(differenceText(property)),
      "",
      "</details>",
      "",
    ]);
}

/** A replaced object goes with all that is in it, so this is said apart. */
function replacements(changes: readonly ResourceChange[]): string[] {
  const replaced = changes.filter(({ op }) => op === "replace");
  if (replaced.length === 0) return [];
  return [
    "> [!CAUTION]",
    "> **Replaced rather than updated**: deleted and made anew, with what is in it.",
    ...replaced.map(({ name, object, replacedFor = [] }) => {
      const why = replacedFor.length > 0 ? `because of ${replacedFor.map(code).join(", ")}` : "with what it depends on";
      return `> - ${code(name)}${object ? ` (${code(object)})` : ""}, ${why}`;
    }),
    "",
  ];
}

/** What becomes of each object that dbt builds. */
function definitionTable(definitions: readonly PlannedDefinition[]): string[] {
  if (definitions.length === 0) return [];
  return [
    "**Definitions that change**",
    "",
    "| object | kind | change | |",
    "|---|---|---|---|",
    ...definitions.map(({ name, kind, change, why }) => row([code(name), kind, change, why.replaceAll("|", "\\|")])),
    "",
  ];
}

function dbtProject({ base, files, dependents }: DbtChanges): string[] {
  const against = `against ${code(base.name)} (${base.commit.slice(0, 7)})`;
  if (files.length === 0) return [`dbt project: unchanged ${against}`, ""];
  const models = files.filter(({ kind }) => kind === "model").length;
  const others = files.length - models;
  const counts = [
    ...(models > 0 ? [`${models} model${models === 1 ? "" : "s"}`] : []),
    ...(others > 0 ? [`${others} other file${others === 1 ? "" : "s"}`] : []),
  ];
  let left = MOST_DIFF;
  return [
    `**dbt project: ${counts.join(" and ")} changed** ${against}`,
    "",
    ...(dependents.length > 0 ? [`Built on it: ${dependents.map(code).join(", ")}`, ""] : []),
    ...files.flatMap((file) => {
      if (file.diff.length > left) return details(file, ["Too long to be shown here."]);
      left -= file.diff.length;
      return details(file, fenced(file.diff));
    }),
  ];
}

function details({ path, kind, change }: DbtChange, lines: readonly string[]): string[] {
  const summary = `<details><summary><code>${escapeHtml(path)}</code> (${kind}, ${change})</summary>`;
  return [summary, "", ...lines, "", "</details>", ""];
}

/** A difference between fences that are longer than any in it. */
function fenced(diff: string): string[] {
  const longest = Math.max(2, ...[...diff.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return [`${fence}diff`, diff || "(no text)", fence];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** As code in a table: names come from the program, but a bar would still end the cell. */
function code(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
