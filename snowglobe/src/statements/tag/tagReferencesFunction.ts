import type { CatalogObject, Database } from "../../catalog/objects";
import { invalidArguments } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { TEXT } from "../../execution/outcome";
import { type ShownColumn, databaseName, schemaName, shownRelation } from "../../execution/shownColumn";
import { effectiveTags, type EffectiveTag } from "../../execution/tagging";
import { dataTypeText } from "../../sql/ast/dataType";
import type { ArgumentText, SqlRelation } from "../../translate/environment";
import { taggedObject, type TaggedObject } from "./taggedObject";

/** A tag on an object or column, set there or inherited. */
type Reference = EffectiveTag & TaggedObject;

const COLUMNS: readonly ShownColumn<Reference>[] = [
  ["TAG_DATABASE", TEXT, ({ tag }, context) => databaseName(tag, context)],
  ["TAG_SCHEMA", TEXT, ({ tag }, context) => schemaName(tag, context)],
  ["TAG_NAME", TEXT, ({ tag }) => tag.name],
  ["TAG_VALUE", TEXT, ({ value }) => value],
  ["APPLY_METHOD", TEXT, (reference) => (isDirect(reference) ? "MANUAL" : "INHERITED")],
  ["LEVEL", TEXT, ({ setOn }) => (setOn ? domainOf(setOn) : "COLUMN")],
  ["OBJECT_DATABASE", TEXT, (reference, context) => placeOf(reference, context)[0]],
  ["OBJECT_SCHEMA", TEXT, (reference, context) => placeOf(reference, context)[1]],
  ["OBJECT_NAME", TEXT, ({ object }) => object.name],
  ["DOMAIN", TEXT, ({ object, column }) => (column ? "COLUMN" : domainOf(object))],
  ["COLUMN_NAME", TEXT, ({ column }) => column?.name],
];

function isDirect({ object, column, setOn }: Reference): boolean {
  return column ? setOn === undefined : setOn?.id === object.id;
}

/** Database and schema; of a database or schema they include its own name. */
export function placeOf({ object }: Pick<TaggedObject, "object">, { instance }: StatementContext): readonly string[] {
  const path = instance.catalog.pathOf(object);
  return object.kind === "DATABASE" || object.kind === "SCHEMA" ? path : path.slice(0, -1);
}

/** What the object is, as these listings say it. */
export function domainOf({ kind }: CatalogObject): string {
  return kind === "DYNAMIC TABLE" ? "TABLE" : kind === "NOTIFICATION INTEGRATION" ? "INTEGRATION" : kind;
}

function referencesOf(found: TaggedObject, context: StatementContext): Reference[] {
  return effectiveTags(context, found.object, found.column?.tags).map((tag) => ({ ...tag, ...found }));
}

function namedObject(name: string, args: readonly ArgumentText[], context: StatementContext): TaggedObject {
  const [object, domain] = args.map((one) => one.constant);
  if (args.length !== 2 || typeof object !== "string" || typeof domain !== "string") {
    throw invalidArguments(
      name,
      args.map(({ type }) => dataTypeText(type)),
    );
  }
  return taggedObject(object, domain, context);
}

/** INFORMATION_SCHEMA.TAG_REFERENCES(name, domain). Source: "TAG_REFERENCES". */
export function tagReferencesRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const found = namedObject("TAG_REFERENCES", args, context);
  const path = [database.name, "INFORMATION_SCHEMA", "TAG_REFERENCES"];
  return shownRelation(path, COLUMNS, referencesOf(found, context), context);
}

/** INFORMATION_SCHEMA.TAG_REFERENCES_ALL_COLUMNS(name, 'table'). Source: "TAG_REFERENCES_ALL_COLUMNS". */
export function tagReferencesAllColumnsRelation(
  args: readonly ArgumentText[],
  context: StatementContext,
  database: Database,
): SqlRelation {
  const { object } = namedObject("TAG_REFERENCES_ALL_COLUMNS", args, context);
  const columns = "columns" in object ? object.columns : [];
  const rows = columns.flatMap((column) => referencesOf({ object, column }, context));
  const path = [database.name, "INFORMATION_SCHEMA", "TAG_REFERENCES_ALL_COLUMNS"];
  return shownRelation(path, COLUMNS, rows, context);
}
