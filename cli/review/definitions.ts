/**
 * What dbt would build beside what the account has: which definitions change, and what becomes of each object. Pure.
 */
import { changedFiles } from "../../components/contentDigest";
import type { DbtManifest, DbtNode } from "./dbtManifest";

/** A relation of the account, as SHOW tells of it. */
export interface DeployedRelation {
  /** `DATABASE.SCHEMA.NAME` in upper case. */
  readonly path: string;
  readonly kind: "dynamic table" | "view" | "table";
  /** The statement that made it, of dynamic tables and views. */
  readonly text?: string;
  /** Of a dynamic table. */
  readonly targetLag?: string;
  readonly warehouse?: string;
  readonly refreshMode?: string;
}

/** What `up` does with an object of the dbt project, for people. */
export interface PlannedDefinition {
  readonly name: string;
  readonly kind: string;
  readonly change: "made" | "rebuilt" | "altered in place" | "reinitialised" | "changed" | "left behind";
  readonly why: string;
}

/** A definition that must be looked at before it is promised: the query, as the account would see it. */
export interface QueryToCheck {
  readonly name: string;
  readonly sql: string;
}

export interface DefinitionPlan {
  readonly definitions: readonly PlannedDefinition[];
  readonly queries: readonly QueryToCheck[];
}

/** The inputs of the plan. */
export interface DefinitionInputs {
  readonly manifest: DbtManifest;
  readonly deployed: readonly DeployedRelation[];
  /** The project's files as they were built last, and as they are (components/contentDigest, folderListing). */
  readonly contentBefore: string;
  readonly contentAfter: string;
  /** Path of the view that keeps the data tests' queries, and the stream with the table that it follows. */
  readonly failuresView: string;
  readonly stream?: { readonly name: string; readonly table: string };
}

const BUILT = new Set(["model", "seed", "snapshot"]);

/**
 * Compares by what the account shows, where it shows a definition (dynamic tables, views, the tests in the view of their
 * failures), and by the files where it does not (tables, seeds).
 */
export function planDefinitions(inputs: DefinitionInputs): DefinitionPlan {
  const { manifest, deployed, stream } = inputs;
  const nodes = Object.values(manifest.nodes);
  const relations = new Map(deployed.map((relation) => [relation.path, relation]));
  const files = new Set(changedFiles(inputs.contentBefore, inputs.contentAfter));
  const plans = new Map<string, PlannedDefinition>();
  for (const node of nodes) {
    const plan = BUILT.has(node.resource_type)
      ? planRelation(node, relations.get(pathOf(node)), isTouched(node, manifest, files))
      : planTest(node, manifest, relations.get(inputs.failuresView)?.text, isTouched(node, manifest, files));
    if (plan) plans.set(node.unique_id, plan);
  }
  const isNew = (id: string): boolean => /^(made|rebuilt|changed)$/.test(plans.get(id)?.change ?? "");
  const changedNodes = nodes.filter((node) => BUILT.has(node.resource_type) && isNew(node.unique_id));
  for (const node of nodes) {
    const upstream = (node.depends_on.nodes ?? []).find((id) => plans.get(id)?.change === "rebuilt");
    const shown = relations.get(pathOf(node));
    if (plans.has(node.unique_id) || upstream === undefined || shown?.kind !== "dynamic table") continue;
    // Source: "Modify dynamic tables": a replaced upstream reinitialises incremental dynamic tables, not FULL ones.
    if (shown.refreshMode === "FULL") continue;
    const name = manifest.nodes[upstream]!.name;
    plans.set(node.unique_id, described(node, "reinitialised", `reads ${name}, which is rebuilt`));
  }
  const definitions = [...plans.values()];
  const followed = stream && nodes.find((node) => pathOf(node) === stream.table);
  if (stream && followed && plans.get(followed.unique_id)?.change === "rebuilt")
    definitions.push({
      name: stream.name,
      kind: "stream",
      change: "made",
      why: `begins anew with ${followed.name}; changes that nobody has read yet are lost`,
    });
  return {
    definitions: [...definitions, ...leftBehind(files, inputs.contentAfter, nodes)],
    // The ones that read no other first, so that a mistake is told of where it was made.
    queries: changedNodes
      .flatMap((node) => queryOf(node, changedNodes))
      .sort((a, b) => a.upstream - b.upstream)
      .map(({ name, sql }) => ({ name, sql })),
  };
}

function described(node: DbtNode, change: PlannedDefinition["change"], why: string): PlannedDefinition {
  const { materialized } = node.config;
  const kind = node.resource_type === "model" ? String(materialized).replaceAll("_", " ") : node.resource_type;
  return { name: node.name, kind, change, why };
}

function planRelation(
  node: DbtNode,
  relation: DeployedRelation | undefined,
  isTouched: boolean,
): PlannedDefinition | undefined {
  const { materialized } = node.config;
  const query = node.compiled_code ?? "";
  if (materialized === "ephemeral" || node.config.enabled === false) return undefined;
  if (!relation) return described(node, "made", "is not there yet");
  const wanted = materialized === "dynamic_table" ? "dynamic table" : materialized === "view" ? "view" : "table";
  if (relation.kind !== wanted) return described(node, "rebuilt", `is a ${relation.kind} now`);
  if (wanted === "dynamic table") {
    if (!isDefinition(relation.text ?? "", query))
      return described(node, "rebuilt", "its query has changed: replaced at once, with a first refresh of all rows");
    const settings = settingsOf(node, relation);
    return settings.length > 0 ? described(node, "altered in place", settings.join(", ")) : undefined;
  }
  if (wanted === "view")
    // The view of failures is filled by the run; its own query says nothing.
    return isTouched ? described(node, "changed", "its files have changed: replaced") : undefined;
  if (!isTouched) return undefined;
  return node.resource_type === "seed"
    ? described(node, "changed", "its file has changed: loaded anew")
    : described(node, "changed", "its files have changed: built anew, as with each run of dbt");
}

function settingsOf(node: DbtNode, relation: DeployedRelation): string[] {
  const { target_lag: lag, snowflake_warehouse: warehouse } = node.config;
  const pairs = [
    ["target lag", relation.targetLag, lag],
    ["warehouse", relation.warehouse, warehouse],
  ] as const;
  return pairs.flatMap(([name, before, after]) =>
    typeof after === "string" && before !== undefined && before.toUpperCase() !== after.toUpperCase()
      ? [`${name} ${before} → ${after}`]
      : [],
  );
}

/** A test is deployed where the view of failures holds its query; one of plain tables only is not kept there. */
function planTest(
  node: DbtNode,
  manifest: DbtManifest,
  failures: string | undefined,
  isTouched: boolean,
): PlannedDefinition | undefined {
  const query = node.compiled_code?.trim().replace(/;+$/, "");
  if (node.resource_type !== "test" || !query) return undefined;
  const isKept = (node.depends_on.nodes ?? []).some((id) => {
    const materialized = manifest.nodes[id]?.config.materialized;
    return materialized !== undefined && materialized !== "table" && materialized !== "seed";
  });
  if (isKept && failures !== undefined ? failures.includes(query) : !isTouched) return undefined;
  return described(node, "changed", "its query is another one than the last build's");
}

/**
 * Whether a statement CREATE DYNAMIC TABLE, as the account shows it, has exactly this query: as the dbt project's macro
 * `is_definition`, which decides when dbt runs.
 */
export function isDefinition(text: string, query: string): boolean {
  const ended = (sql: string): string => sql.replace(/[\s;]+$/, "");
  const shown = ended(text);
  const trimmed = ended(shown.endsWith("*/") ? shown.slice(0, shown.lastIndexOf("/*")) : shown);
  const body = trimmed.slice(0, -1).trimEnd();
  const wanted = query.trim();
  const heading = body.slice(0, body.length - wanted.length).trimEnd();
  return trimmed.endsWith(")") && body.endsWith(wanted) && /\bas\s*\($/i.test(heading);
}

function pathOf({ database, schema, alias }: DbtNode): string {
  return `${database}.${schema}.${alias}`.toUpperCase();
}

/** Whether a file has changed that makes the node: its own, the one that describes it, or a macro that it calls. */
function isTouched(node: DbtNode, manifest: DbtManifest, files: ReadonlySet<string>): boolean {
  const described = node.patch_path?.replace(/^\w+:\/\//, "");
  const macros = (node.depends_on.macros ?? []).map((id) => manifest.macros[id]?.original_file_path);
  return [node.original_file_path, described, ...macros].some((file) => file !== undefined && files.has(file));
}

/** Models and seeds whose files are gone: dbt forgets them, and the account keeps them. */
function leftBehind(files: ReadonlySet<string>, after: string, nodes: readonly DbtNode[]): PlannedDefinition[] {
  const present = new Set(after.split("\n").map((line) => line.slice(0, line.lastIndexOf(" "))));
  return [...files]
    .filter((file) => !present.has(file) && /^(models\/.*\.sql|seeds\/.*\.csv)$/.test(file))
    .map((file) => ({ file, name: file.replace(/^.*\//, "").replace(/\.\w+$/, "") }))
    .filter(({ name }) => !nodes.some((node) => node.name === name))
    .map(({ file, name }) => ({
      name,
      kind: file.startsWith("seeds/") ? "seed" : "model",
      change: "left behind" as const,
      why: "its file is gone: dbt builds it no more, and what it built stays until somebody drops it",
    }));
}

/**
 * The query of a node that the account can be asked about before anything is built: what it reads of other changed nodes
 * stands in it as their queries, under their names.
 */
function queryOf(node: DbtNode, changed: readonly DbtNode[]): (QueryToCheck & { readonly upstream: number })[] {
  if (node.resource_type !== "model" || !node.compiled_code) return [];
  const upstream: DbtNode[] = [];
  const visit = (reader: DbtNode): void => {
    for (const id of reader.depends_on.nodes ?? []) {
      const read = changed.find((other) => other.unique_id === id);
      if (!read || upstream.includes(read)) continue;
      visit(read);
      upstream.push(read);
    }
  };
  visit(node);
  // A seed that is not there yet has no query to stand for it.
  if (upstream.some((read) => !read.compiled_code && read.resource_type !== "seed")) return [];
  const queries = upstream.filter((read) => read.compiled_code);
  const inlined = (sql: string): string =>
    queries.reduce((text, read) => text.replaceAll(read.relation_name ?? "\0", `"${read.alias.toUpperCase()}"`), sql);
  const parts = queries.map((read) => `"${read.alias.toUpperCase()}" as (\n${inlined(read.compiled_code!)}\n)`);
  const body = inlined(node.compiled_code);
  const sql = parts.length === 0 ? body : `with ${parts.join(",\n")}\nselect * from (\n${body}\n)`;
  return [{ name: node.name, sql, upstream: upstream.length }];
}
