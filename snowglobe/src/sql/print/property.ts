import type { Property, PropertyValue } from "../ast/property";
import { printObjectName, printVariable } from "./name";
import { quoteString } from "../../quoting";

export function printProperties(properties: readonly Property[]): string {
  return properties.map(printProperty).join(" ");
}

function printProperty({ name, value }: Property): string {
  return `${name} = ${printValue(value)}`;
}

function printValue(value: PropertyValue): string {
  switch (value.kind) {
    case "string":
      return quoteString(value.value);
    case "number":
      return value.text;
    case "boolean":
      return value.value ? "TRUE" : "FALSE";
    case "null":
      return "NULL";
    case "identifier": {
      const [first, ...rest] = value.name;
      // ON_ERROR = SKIP_FILE_10% is no identifier for anyone else.
      return first!.name.endsWith("%") && rest.length === 0 ? first!.name : printObjectName(value.name);
    }
    case "list":
      return `(${value.items.map(printValue).join(", ")})`;
    case "properties":
      return `(${printProperties(value.properties)})`;
    case "bind":
    case "sessionVariable":
      return printVariable(value);
  }
}
