import type { BindValue, ParameterValue } from "../../session/contract";
import { HttpError } from "../http/httpError";

/** Reading of the protocol's JSON, which comes from many drivers and from strangers. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function textField(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === "string" ? value : undefined;
}

/** Parameters by upper-case name; nulls and structures, which no parameter takes, are left out. */
export function parameterValues(value: unknown): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {};
  if (!isObject(value)) return values;
  for (const [name, entry] of Object.entries(value)) {
    if (typeof entry === "string" || typeof entry === "number" || typeof entry === "boolean") {
      values[name.toUpperCase()] = entry;
    }
  }
  return values;
}

/** @throws HttpError 400 for something that is no bind */
export function bindValues(value: unknown): Record<string, BindValue> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new HttpError(400, "'bindings' must be an object of binds.");
  const binds: Record<string, BindValue> = {};
  for (const [name, bind] of Object.entries(value)) binds[name] = bindValue(name, bind);
  return binds;
}

function bindValue(name: string, bind: unknown): BindValue {
  if (!isObject(bind)) throw new HttpError(400, `Bind '${name}' must be an object of type and value.`);
  const { type, value, fmt } = bind;
  if (typeof type !== "string" || !isBindContent(value)) {
    throw new HttpError(400, `Bind '${name}' must have a type and a value that is text, null or a list of them.`);
  }
  return { type, value: value ?? null, ...(typeof fmt === "string" && fmt !== "" ? { format: fmt } : {}) };
}

function isBindContent(value: unknown): value is BindValue["value"] | undefined {
  return Array.isArray(value) ? value.every(isTextOrNull) : isTextOrNull(value) || value === undefined;
}

function isTextOrNull(value: unknown): value is string | null {
  return typeof value === "string" || value === null;
}
