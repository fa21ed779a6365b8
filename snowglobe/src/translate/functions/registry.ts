import { aggregateFunctions } from "./aggregate";
import { arrayFunctions } from "./array";
import { bitwiseFunctions } from "./bitwise";
import { conditionalFunctions } from "./conditional";
import { contextFunctions } from "./context";
import { conversionFunctions } from "./conversion";
import { dateFunctions } from "./date";
import type { FunctionDefinition } from "./definition";
import { generationFunctions } from "./generation";
import { hashFunctions } from "./hash";
import { higherOrderFunctions } from "./higherOrder";
import { jsonFunctions } from "./json";
import { numericFunctions } from "./numeric";
import { objectFunctions } from "./object";
import { regexpFunctions } from "./regexp";
import { stringFunctions } from "./string";
import type { FunctionTraits } from "./traits";
import { variantTypeFunctions } from "./variantTypes";
import { windowFunctions } from "./window";

const byName = new Map<string, FunctionDefinition>();
for (const family of [
  aggregateFunctions,
  arrayFunctions,
  bitwiseFunctions,
  conditionalFunctions,
  contextFunctions,
  conversionFunctions,
  dateFunctions,
  generationFunctions,
  hashFunctions,
  higherOrderFunctions,
  jsonFunctions,
  numericFunctions,
  objectFunctions,
  regexpFunctions,
  stringFunctions,
  variantTypeFunctions,
  windowFunctions,
]) {
  for (const definition of family) for (const name of definition.names) byName.set(name, definition);
}

/** A built-in function by its upper-case name. */
export function findFunction(name: string): FunctionDefinition | undefined {
  return byName.get(name);
}

/** What is known of a function by its upper-case name; nothing of those that are not built in. */
export function traitsOf(name: string): FunctionTraits {
  return byName.get(name)?.traits ?? NONE;
}

const NONE: FunctionTraits = {};

/** All built-in functions by name, in the order of their names. */
export function builtInFunctions(): ReadonlyMap<string, FunctionDefinition> {
  return new Map([...byName].sort(([a], [b]) => (a < b ? -1 : 1)));
}
