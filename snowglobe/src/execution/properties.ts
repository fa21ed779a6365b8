import { invalidValue, compilationError, unsupported } from "../errors";
import { isDocumentedParameter } from "../catalog/documentedParameters";
import { isDocumentedProperty } from "../catalog/documentedProperties";
import { parameterDefinition, parameterValue, type ParameterValue } from "../catalog/parameters";
import { parseObjectName } from "../sql";
import type { Property, PropertyValue } from "../sql/ast/property";
import { findProperty, propertyText } from "../sql/ast/property";
import type { StatementContext } from "./context";

/**
 * The `KEY = value` properties of a statement, read one by one: what nobody asked for when the reading is done is
 * refused, so that a misspelt property is never ignored silently.
 */
export class Properties {
  private readonly known = new Set<string>();

  constructor(
    private readonly properties: readonly Property[],
    private readonly context: StatementContext,
  ) {}

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  raw(name: string): PropertyValue | undefined {
    this.known.add(name);
    return findProperty(this.properties, name);
  }

  /** Text, number, boolean or bare word as text. */
  text(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (value.kind === "bind" || value.kind === "sessionVariable") return this.variable(name, value);
    const text = propertyText(value);
    if (text === undefined && value.kind !== "null") throw invalidValue(value.kind, name);
    return text;
  }

  /** The name of an object of the account: a text holds one as it would be written. */
  name(name: string): string | undefined {
    const text = this.text(name);
    const written = this.raw(name)?.kind === "identifier" ? undefined : text;
    if (written === undefined) return text;
    try {
      return parseObjectName(written).at(-1)!.name;
    } catch {
      throw invalidValue(written, name);
    }
  }

  /** Texts of a list, or of one value. */
  texts(name: string): readonly string[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    return (value.kind === "list" ? value.items : [value]).map((item) => {
      const variable = item.kind === "bind" || item.kind === "sessionVariable";
      const text = variable ? this.variable(name, item) : propertyText(item);
      if (text === undefined) throw invalidValue(item.kind === "null" ? "NULL" : item.kind, name);
      return text;
    });
  }

  private variable(
    name: string,
    value: Extract<PropertyValue, { kind: "bind" | "sessionVariable" }>,
  ): string | undefined {
    const { binds, session } = this.context;
    const found =
      value.kind === "sessionVariable"
        ? session.variables.get(value.name)
        : value.name !== undefined
          ? binds.named.get(value.name)
          : binds.positional[value.index! - 1];
    if (!found) throw invalidValue(value.kind === "sessionVariable" ? `$${value.name}` : "?", name);
    return found.value ?? undefined;
  }

  boolean(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^true$/i.test(text)) return true;
    if (/^false$/i.test(text)) return false;
    throw invalidValue(text, name);
  }

  /** A whole number from `least` to `most`. */
  integer(name: string, least = 0, most = Number.MAX_SAFE_INTEGER): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < least || value > most) throw invalidValue(text, name);
    return value;
  }

  /** One of a set of words, upper-cased. */
  word<T extends string>(name: string, ...allowed: readonly T[]): T | undefined {
    const text = this.text(name)?.toUpperCase();
    if (text === undefined) return undefined;
    const found = allowed.find((one) => one === text);
    if (!found) throw invalidValue(text, name);
    return found;
  }

  /** A property that is known but not done. @throws SnowflakeError when it is given */
  refuse(...names: readonly string[]): void {
    for (const name of names) if (this.raw(name) !== undefined) throw unsupported(name);
  }

  /** Parameters of the object among the properties, of one level. */
  parameters(level: "DATABASE" | "SCHEMA" | "TABLE" | "WAREHOUSE" | "TASK" | "USER"): Record<string, ParameterValue> {
    const found: Record<string, ParameterValue> = {};
    for (const property of this.properties) {
      if (!parameterDefinition(property.name)?.levels.includes(level)) continue;
      const text = this.text(property.name);
      if (text !== undefined) found[property.name] = parameterValue(property.name, text, level);
    }
    return found;
  }

  /** @throws SnowflakeError when a property was given that nothing read */
  done(): void {
    const left = this.properties.find((property) => !this.known.has(property.name));
    if (!left) return;
    if (isDocumentedParameter(left.name)) throw unsupported(`parameter ${left.name} here`);
    if (isDocumentedProperty(left.name)) throw unsupported(`property ${left.name} here`);
    throw compilationError(`invalid property '${left.name}'`, "001003", "42000");
  }
}
