import { unsupported } from "../../errors";
import type { MaskingPolicyUse, RowAccessPolicyUse, TagAssignment } from "../ast/statements/common";
import type { TokenCursor } from "./cursor";
import { parseColumnList, parseObjectName } from "./identifier";

/** Clauses that attach tags and policies to an object or a column, in CREATE and in ALTER. */

/** `[WITH] TAG (n = 'v', ...)` if it stands here. */
export function parseTags(cursor: TokenCursor): TagAssignment[] | undefined {
  if (!cursor.is("TAG", "(") && !cursor.is("WITH", "TAG", "(")) return undefined;
  cursor.accept("WITH");
  cursor.expect("TAG");
  return cursor.parenthesized(() => parseTag(cursor));
}

export function parseTag(cursor: TokenCursor): TagAssignment {
  const name = parseObjectName(cursor);
  cursor.expect("=");
  return { name, value: cursor.string() };
}

/** `[WITH] MASKING POLICY p [USING (c, ...)]` if it stands here. */
export function parseMaskingPolicy(cursor: TokenCursor): MaskingPolicyUse | undefined {
  if (!cursor.accept("WITH", "MASKING", "POLICY") && !cursor.accept("MASKING", "POLICY")) return undefined;
  return parseMaskingPolicyUse(cursor);
}

/** What follows the words MASKING POLICY. */
export function parseMaskingPolicyUse(cursor: TokenCursor): MaskingPolicyUse {
  const policy = parseObjectName(cursor);
  const using = cursor.accept("USING") ? parseColumnList(cursor) : undefined;
  return { policy, ...(using && { using }) };
}

/** `[WITH] ROW ACCESS POLICY p ON (c, ...)` if it stands here. */
export function parseRowAccessPolicy(cursor: TokenCursor): RowAccessPolicyUse | undefined {
  if (!cursor.accept("WITH", "ROW", "ACCESS", "POLICY") && !cursor.accept("ROW", "ACCESS", "POLICY")) return undefined;
  return parseRowAccessPolicyUse(cursor);
}

/** What follows the words ROW ACCESS POLICY. */
export function parseRowAccessPolicyUse(cursor: TokenCursor): RowAccessPolicyUse {
  const policy = parseObjectName(cursor);
  cursor.expect("ON");
  return { policy, columns: parseColumnList(cursor) };
}

/** Refuses what else a table, view or column may be given. */
export function refusePolicies(cursor: TokenCursor): void {
  const at = cursor.is("WITH") ? 1 : 0;
  const words = [cursor.valueAhead(at), cursor.valueAhead(at + 1)];
  if (words[1] === "POLICY" && ["AGGREGATION", "JOIN", "PROJECTION"].includes(words[0]!)) {
    throw unsupported(`${words[0]} POLICY`);
  }
  if (words[0] === "STORAGE" && words[1] === "LIFECYCLE") throw unsupported("STORAGE LIFECYCLE POLICY");
  if (words[0] === "CONTACT") throw unsupported("CONTACT");
  if (words[0] === "DATA" && words[1] === "METRIC") throw unsupported("DATA METRIC FUNCTION");
}
