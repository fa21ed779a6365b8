import type { ColumnAttachments, MaskingPolicyUse, RowAccessPolicyUse, TagAssignment } from "../ast/statements/common";
import { printColumns, printObjectName, words } from "./name";
import { quoteString } from "../../quoting";

/** Clauses that attach tags and policies to an object or a column. */

export function printTags(tags: readonly TagAssignment[]): string {
  return tags.length === 0 ? "" : `WITH TAG (${tags.map(printTag).join(", ")})`;
}

export function printTag({ name, value }: TagAssignment): string {
  return `${printObjectName(name)} = ${quoteString(value)}`;
}

export function printMaskingPolicyUse({ policy, using }: MaskingPolicyUse): string {
  return words(`MASKING POLICY ${printObjectName(policy)}`, using && `USING ${printColumns(using)}`);
}

export function printRowAccessPolicyUse({ policy, columns }: RowAccessPolicyUse): string {
  return `ROW ACCESS POLICY ${printObjectName(policy)} ON ${printColumns(columns)}`;
}

export function printColumnAttachments({ tags, maskingPolicy }: ColumnAttachments): string {
  return words(maskingPolicy && `WITH ${printMaskingPolicyUse(maskingPolicy)}`, printTags(tags));
}
