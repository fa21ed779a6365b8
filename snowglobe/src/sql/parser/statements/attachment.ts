import { unsupported } from "../../../errors";
import type { AlterAttachments, AttachmentAction } from "../../ast/statements/attachment";
import type { ObjectKind } from "../../ast/statements/common";
import { parseMaskingPolicyUse, parseRowAccessPolicyUse, parseTag } from "../attachments";
import { parseArgumentTypes, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";
import { atIdentifier, parseIdentifier, parseObjectName } from "../identifier";

/**
 * The rest of an ALTER that attaches tags or policies; undefined, with nothing taken, where it does something else.
 * The cursor is at the object's name.
 */
export function parseAlterAttachments(
  cursor: TokenCursor,
  first: number,
  objectKind: ObjectKind,
): AlterAttachments | undefined {
  const { index } = cursor;
  const again = (): undefined => {
    cursor.index = index;
    return undefined;
  };
  if (objectKind === "ACCOUNT" && (cursor.is("SET", "TAG") || cursor.is("UNSET", "TAG"))) {
    throw unsupported("tags on the account");
  }
  if (!cursor.is("IF", "EXISTS") && !atIdentifier(cursor)) return undefined;
  const target = parseTarget(cursor);
  const routine = objectKind === "FUNCTION" || objectKind === "PROCEDURE";
  if (routine && !cursor.is("(")) return again();
  const argumentTypes = routine ? parseArgumentTypes(cursor) : undefined;
  const actions = parseColumnActions(cursor) ?? parseObjectActions(cursor);
  if (!actions) return again();
  return {
    kind: "alterAttachments",
    objectKind,
    ...target,
    ...(argumentTypes && { argumentTypes }),
    actions,
    span: cursor.spanFrom(first),
  };
}

function parseObjectActions(cursor: TokenCursor): AttachmentAction[] | undefined {
  if (cursor.accept("SET", "TAG")) return [{ action: "setTags", tags: cursor.list(() => parseTag(cursor)) }];
  if (cursor.accept("UNSET", "TAG")) {
    return [{ action: "unsetTags", names: cursor.list(() => parseObjectName(cursor)) }];
  }
  if (cursor.accept("DROP", "ALL", "ROW", "ACCESS", "POLICIES")) return [{ action: "dropAllRowAccessPolicies" }];
  if (!cursor.is("ADD", "ROW", "ACCESS", "POLICY") && !cursor.is("DROP", "ROW", "ACCESS", "POLICY")) return undefined;
  return cursor.list((): AttachmentAction => {
    const verb = cursor.expectOneOf("ADD", "DROP");
    cursor.expect("ROW", "ACCESS", "POLICY");
    return verb === "ADD"
      ? { action: "addRowAccessPolicy", use: parseRowAccessPolicyUse(cursor) }
      : { action: "dropRowAccessPolicy", policy: parseObjectName(cursor) };
  });
}

/** `{ALTER | MODIFY} [COLUMN] c SET MASKING POLICY ..., [COLUMN] d UNSET MASKING POLICY`, also in parentheses. */
function parseColumnActions(cursor: TokenCursor): AttachmentAction[] | undefined {
  if (!cursor.acceptOneOf("ALTER", "MODIFY")) return undefined;
  const actions: AttachmentAction[] = [];
  const closed = cursor.accept("(");
  do {
    cursor.acceptOneOf("ALTER", "MODIFY");
    cursor.accept("COLUMN");
    if (!atIdentifier(cursor)) return undefined;
    const action = parseColumnAction(cursor, parseIdentifier(cursor));
    if (!action) return undefined;
    actions.push(action);
  } while (cursor.accept(","));
  if (closed) cursor.expect(")");
  return actions;
}

type Column = ReturnType<typeof parseIdentifier>;

function parseColumnAction(cursor: TokenCursor, column: Column): AttachmentAction | undefined {
  if (cursor.accept("SET", "MASKING", "POLICY")) {
    const use = parseMaskingPolicyUse(cursor);
    return { action: "setMaskingPolicy", column, use, force: cursor.accept("FORCE") };
  }
  if (cursor.accept("UNSET", "MASKING", "POLICY")) return { action: "unsetMaskingPolicy", column };
  if (cursor.accept("SET", "TAG")) return { action: "setTags", column, tags: tagsOfColumn(cursor) };
  if (cursor.accept("UNSET", "TAG")) return { action: "unsetTags", column, names: [parseObjectName(cursor)] };
  return undefined;
}

/** A comma may also begin the next column: a tag is a name before `=`. */
function tagsOfColumn(cursor: TokenCursor): ReturnType<typeof parseTag>[] {
  const tags = [parseTag(cursor)];
  while (cursor.is(",")) {
    const { index } = cursor;
    cursor.index++;
    if (atIdentifier(cursor) && !cursor.is("COLUMN")) {
      parseObjectName(cursor);
      const isTag = cursor.is("=");
      cursor.index = index;
      if (!isTag) break;
      cursor.index++;
      tags.push(parseTag(cursor));
      continue;
    }
    cursor.index = index;
    break;
  }
  return tags;
}
