import type { BindParameter, SessionVariable } from "./expression";
import type { ObjectName } from "./identifier";
import type { Node } from "./span";

/** One `KEY = value` of a statement. `name` is upper-cased. */
export interface Property extends Node {
  readonly name: string;
  readonly value: PropertyValue;
}

export type PropertyValue =
  | StringValue
  | NumberValue
  | BooleanValue
  | IdentifierValue
  | NullValue
  | ListValue
  | NestedProperties
  | BindParameter
  | SessionVariable;

export interface StringValue extends Node {
  readonly kind: "string";
  readonly value: string;
}
/** `text` as written, with its sign. */
export interface NumberValue extends Node {
  readonly kind: "number";
  readonly text: string;
}
/** TRUE, FALSE, ON and OFF stay apart: ON and OFF are identifiers. */
export interface BooleanValue extends Node {
  readonly kind: "boolean";
  readonly value: boolean;
}
/** A bare word or object name: `AUTO`, `XSMALL`, `my_db.public.my_stage`. */
export interface IdentifierValue extends Node {
  readonly kind: "identifier";
  readonly name: ObjectName;
}
export interface NullValue extends Node {
  readonly kind: "null";
}
/** `('a', 'b')`; `()` is an empty list. */
export interface ListValue extends Node {
  readonly kind: "list";
  readonly items: readonly PropertyValue[];
}
/** `(TYPE = CSV SKIP_HEADER = 1)`. */
export interface NestedProperties extends Node {
  readonly kind: "properties";
  readonly properties: readonly Property[];
}

/** The value of the last property of that (upper-case) name: where one is given twice, Snowflake's last wins. */
export function findProperty(properties: readonly Property[], name: string): PropertyValue | undefined {
  return properties.findLast((property) => property.name === name)?.value;
}

/**
 * A scalar property as text: strings and numbers as they are, booleans as `TRUE`/`FALSE`, names joined by dots (bare
 * words upper-cased). Undefined for NULL, lists, nested properties and variables.
 */
export function propertyText(value: PropertyValue | undefined): string | undefined {
  switch (value?.kind) {
    case "string":
      return value.value;
    case "number":
      return value.text;
    case "boolean":
      return value.value ? "TRUE" : "FALSE";
    case "identifier":
      return value.name.map((part) => part.name).join(".");
    default:
      return undefined;
  }
}
