import type { AlterTag, CreateTag } from "../../ast/statements/tag";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseCreateName, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";
import { parseProperties } from "../property";

function parseValues(cursor: TokenCursor): string[] {
  cursor.accept("=");
  return cursor.list(() => cursor.string());
}

/** Source: "CREATE TAG". */
export function parseCreateTag(cursor: TokenCursor, header: CreateHeader): CreateTag {
  const name = parseCreateName(cursor, header);
  const allowedValues = cursor.accept("ALLOWED_VALUES") ? parseValues(cursor) : undefined;
  const properties = parseProperties(cursor);
  return {
    kind: "createTag",
    ...name,
    ...(allowedValues && { allowedValues }),
    properties,
    span: cursor.spanFrom(header.first),
  };
}

/** Source: "ALTER TAG". */
export function parseAlterTag(cursor: TokenCursor, first: number): AlterTag {
  const target = parseTarget(cursor);
  return { kind: "alterTag", ...target, action: parseAction(cursor), span: cursor.spanFrom(first) };
}

function parseAction(cursor: TokenCursor): AlterTag["action"] {
  for (const [verb, action] of [
    ["SET", "setAllowedValues"],
    ["ADD", "addAllowedValues"],
    ["DROP", "dropAllowedValues"],
  ] as const) {
    if (!cursor.accept(verb, "ALLOWED_VALUES")) continue;
    return { action, values: parseValues(cursor), properties: parseProperties(cursor) };
  }
  if (cursor.accept("SET", "MASKING", "POLICY")) {
    const policies = parsePolicies(cursor);
    return { action: "setMaskingPolicies", policies, force: cursor.accept("FORCE") };
  }
  if (cursor.accept("UNSET", "MASKING", "POLICY")) {
    return { action: "unsetMaskingPolicies", policies: parsePolicies(cursor) };
  }
  return expectCommonAlterAction(cursor);
}

/** `p [, MASKING POLICY q ...]`. */
function parsePolicies(cursor: TokenCursor) {
  const policies = [parseObjectName(cursor)];
  while (cursor.accept(",")) {
    cursor.accept("MASKING", "POLICY");
    policies.push(parseObjectName(cursor));
  }
  return policies;
}
