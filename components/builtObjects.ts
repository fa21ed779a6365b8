/**
 * What dbt has built, as the account shows it: what a change by hand would alter, and a refresh or a load would not.
 */
import * as pulumi from "@pulumi/pulumi";
import { presentRows, type StateRow } from "./repairs";

/**
 * Digest of the query in the statement that made a dynamic table, without its blanks: dbt writes the heading differently
 * when it replaces the table.
 */
const QUERY_DIGEST = `MD5(REGEXP_REPLACE(REGEXP_SUBSTR("text", $$as\\s*\\((.*)$$, 1, 1, 'is', 1), $$\\s+$$, ''))`;

/** Kinds that dbt builds, by how SHOW calls them, with the columns that only dbt or a change by hand alters. */
const KINDS: readonly {
  readonly kind: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly where: string;
}[] = [
  {
    kind: "DYNAMIC TABLES",
    columns: {
      owner: '"owner"',
      comment: '"comment"',
      definition: QUERY_DIGEST,
      target_lag: '"target_lag"',
      warehouse: '"warehouse"',
      scheduling_state: '"scheduling_state"',
    },
    where: "TRUE",
  },
  { kind: "VIEWS", columns: { owner: '"owner"', comment: '"comment"' }, where: "TRUE" },
  {
    kind: "TABLES",
    columns: { owner: '"owner"', comment: '"comment"', kind: '"kind"' },
    where: `COALESCE("is_dynamic", 'N') <> 'Y'`,
  },
];

/**
 * Looks at the objects of a dbt project in a database.
 *
 * @param name beginning of the names under which the engine notes the looks
 * @param options `models`: names of models and seeds. `owner`: the role that owns them; where there is none of the
 *   workshop's own, the owner is not looked at
 * @param opts `dependsOn`: what must be done before the look
 * @returns a row for each object that is there; its `object` is KIND SCHEMA.NAME
 */
export function builtObjects(
  name: string,
  {
    database,
    models,
    owner,
  }: { readonly database: string; readonly models: readonly string[]; readonly owner: string | undefined },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<StateRow[]> {
  const names = models.map((model) => `'${model.toUpperCase()}'`).join(", ") || "NULL";
  const looks = KINDS.map(({ kind, columns, where }) => {
    const shown = Object.entries(columns)
      .filter(([column]) => column !== "owner" || owner !== undefined)
      .map(([column, expression]) => `TO_VARCHAR(${expression}) AS "${column}"`);
    // In the whole account, since a look into a database that is not there would be an error.
    const query =
      `SHOW ${kind} IN ACCOUNT ->> SELECT '${kind} ' || "schema_name" || '.' || "name" AS "object", ${shown.join(", ")} ` +
      `FROM $1 WHERE "database_name" = '${database}' AND "name" IN (${names}) AND ${where}`;
    return presentRows(`${name}-${kind.toLowerCase().replace(" ", "-")}`, query, opts);
  });
  return pulumi.all(looks).apply((rows) => rows.flat());
}

/**
 * Whether what was built is not as it was left.
 *
 * @param built rows after the last build
 * @param present rows now
 * @param models names that the project still has; others are nobody's concern
 */
export function hasDrifted(
  built: readonly StateRow[],
  present: readonly StateRow[],
  models: readonly string[],
): boolean {
  const known = new Set(models.map((model) => model.toUpperCase()));
  const text = (row: StateRow): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  const now = new Set(present.map(text));
  return built.some((row) => known.has(row.object?.split(".").at(-1) ?? "") && !now.has(text(row)));
}
