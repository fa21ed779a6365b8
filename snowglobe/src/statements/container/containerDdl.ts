import type { CatalogObject, Database, Schema } from "../../catalog/objects";
import { tagAssignments } from "../../execution/attachmentDdl";
import { commentClause, parameterClauses, type DdlWriter } from "../../execution/ddl";
import { inScope } from "../../execution/listing";
import type { StatementContext } from "../../execution/context";
import { inDependencyOrder } from "./dependencyOrder";
import { qualified, quoteName } from "../../quoting";

/** A schema with all that lies in it that GET_DDL knows. Source: "GET_DDL", schemas. */
export const schemaDdl: DdlWriter<Schema> = (schema, name, context) =>
  [...made(schema, name, context), ...tagged(schema, name, context)].join("\n\n");

function made(schema: Schema, name: string, context: StatementContext): string[] {
  return [
    head(schema, name, schema.managedAccess && "WITH MANAGED ACCESS"),
    ...contentOf(schema, context).map((object) => objectDdl(object, isQualified(schema, name), context)),
  ];
}

/** What sets a container's own tags, behind all that is in it: the tags may be there. */
function tagged(container: Database | Schema, name: string, context: StatementContext): string[] {
  const assignments = tagAssignments(container.tags, context);
  return assignments.length === 0 ? [] : [`ALTER ${container.kind} ${name} SET TAG ${assignments.join(", ")};`];
}

/** A database with its schemas. Source: "GET_DDL". */
export const databaseDdl: DdlWriter<Database> = (database, name, context) => {
  const schemas = inScope(context, "SCHEMA", { kind: "DATABASE", database });
  schemas.sort((a, b) => a.createdOn - b.createdOn || a.id - b.id);
  const named = schemas.map((schema) => [schema, qualified([database.name, schema.name])] as const);
  return [
    head(database, name),
    ...named.flatMap(([schema, own]) => made(schema, own, context)),
    ...tagged(database, name, context),
    ...named.flatMap(([schema, own]) => tagged(schema, own, context)),
  ].join("\n\n");
};

/** The statement for one object. @param full with database and schema in its name */
export function objectDdl(object: CatalogObject, full: boolean, context: StatementContext): string {
  const { catalog, functions } = context.instance;
  const path = full ? catalog.pathOf(object) : [object.name];
  // Snowflake quotes the names of functions and procedures in any case.
  const always = object.kind === "FUNCTION" || object.kind === "PROCEDURE";
  return functions.ddl.get(object.kind)!(object, always ? path.map(quoteName).join(".") : qualified(path), context);
}

function isQualified(schema: Schema, name: string): boolean {
  return name !== qualified([schema.name]);
}

function head(container: Database | Schema, name: string, own?: string | false): string {
  const words = [
    `create or replace ${container.transient ? "TRANSIENT " : ""}${container.kind} ${name}`,
    own,
    ...parameterClauses(container),
    commentClause(container),
  ];
  return `${words.filter(Boolean).join(" ")};`;
}

/** Kinds that a schema's DDL leaves out: it gives no files back. */
const LEFT_OUT: ReadonlySet<string> = new Set(["STAGE"]);

function contentOf(schema: Schema, context: StatementContext): CatalogObject[] {
  const { functions } = context.instance;
  const kinds = [...functions.ddl.keys()].filter((kind) => !LEFT_OUT.has(kind));
  const objects = kinds
    .flatMap((kind) => inScope(context, kind as CatalogObject["kind"], { kind: "SCHEMA", schema }))
    .filter((object) => object.parentId === schema.id && object.sessionId === undefined);
  return inDependencyOrder(objects, context);
}
