import type { CatalogObject, TagValue } from "../../catalog/objects";
import { doesNotExist, invalidIdentifier, unsupported } from "../../errors";
import { findRelation, nameText } from "../../execution/lookup";
import { sees } from "../../execution/authorize";
import type { StatementContext } from "../../execution/context";
import { parseObjectName } from "../../sql";
import type { ObjectKind } from "../../sql/ast/statements/common";
import { targets } from "../access/grant";

/** An object that functions name by a text and its domain, with the column where the domain is COLUMN. */
export interface TaggedObject {
  readonly object: CatalogObject;
  readonly column?: { readonly name: string; readonly tags?: readonly TagValue[] };
}

/** Domains and the kinds that they stand for. Source: "SYSTEM$GET_TAG". */
const DOMAINS: Readonly<Record<string, ObjectKind>> = {
  ALERT: "ALERT",
  DATABASE: "DATABASE",
  "DATABASE ROLE": "DATABASE ROLE",
  "DYNAMIC TABLE": "TABLE",
  FUNCTION: "FUNCTION",
  INTEGRATION: "INTEGRATION",
  PROCEDURE: "PROCEDURE",
  ROLE: "ROLE",
  SCHEMA: "SCHEMA",
  STAGE: "STAGE",
  STREAM: "STREAM",
  TABLE: "TABLE",
  TASK: "TASK",
  USER: "USER",
  VIEW: "TABLE",
  WAREHOUSE: "WAREHOUSE",
};

/** @throws SnowflakeError when it is not there, or the domain is not one that can have tags here */
export function taggedObject(name: string, domain: string, context: StatementContext): TaggedObject {
  const word = domain.toUpperCase();
  if (word === "COLUMN") return taggedColumn(name, context);
  const objectKind = DOMAINS[word];
  if (!objectKind) throw unsupported(`tags of ${word}`);
  if (objectKind === "TABLE") return { object: findRelation(context, parseObjectName(name), "SELECT") };
  const opening = name.indexOf("(");
  const routine = objectKind === "FUNCTION" || objectKind === "PROCEDURE";
  const own = parseObjectName(routine && opening >= 0 ? name.slice(0, opening) : name);
  const argumentTypes = routine ? argumentTypesOf(name, opening) : undefined;
  const [object] = targets({ kind: "object", objectKind, name: own, ...(argumentTypes && { argumentTypes }) }, context);
  if (!object || !sees(context, object)) throw doesNotExist("Object", nameText(own));
  return { object };
}

/** `f(NUMBER, VARCHAR)`: the types between the parentheses. */
function argumentTypesOf(name: string, opening: number): string[] {
  if (opening < 0) return [];
  return name
    .slice(opening + 1, name.lastIndexOf(")"))
    .split(",")
    .map((type) => type.trim())
    .filter((type) => type !== "");
}

function taggedColumn(name: string, context: StatementContext): TaggedObject {
  const parts = parseObjectName(name);
  const object = findRelation(context, parts.slice(0, -1), "SELECT");
  const own = parts.at(-1)!.name;
  const column = object.columns.find((one) => one.name === own);
  if (!column) throw invalidIdentifier(own);
  return { object, column };
}
