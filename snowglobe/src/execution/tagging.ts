import type { CatalogObject, Tag, TagValue } from "../catalog/objects";
import { ACCOUNT } from "../catalog/privileges";
import { compilationError, insufficientPrivileges } from "../errors";
import type { ObjectName } from "../sql/ast/identifier";
import type { TagAssignment } from "../sql/ast/statements/common";
import { holds } from "./authorize";
import type { StatementContext } from "./context";
import { find } from "./lookup";

/** Tags that may be set on one object or column. Source: "Object tagging quotas". */
const MOST_TAGS = 50;

/** Characters of a tag's value. Source: "Work with object tags". */
const LONGEST_VALUE = 256;

/** A tag that the session may set and unset. @throws SnowflakeError without APPLY on it or APPLY TAG on the account */
function applicableTag(context: StatementContext, name: ObjectName): Tag {
  const tag = find(context, "TAG", name, "SET TAG");
  if (holds(context, "APPLY TAG", ACCOUNT) || holds(context, "APPLY", tag.id)) return tag;
  throw insufficientPrivileges("tag", tag.name);
}

/**
 * The tags of an object with those that a statement sets.
 *
 * @param before the tags that it has
 * @throws SnowflakeError for a value that the tag does not allow, or more tags than an object can have
 */
export function withTags(
  context: StatementContext,
  before: readonly TagValue[] | undefined,
  assignments: readonly TagAssignment[],
): readonly TagValue[] | undefined {
  if (assignments.length === 0) return before;
  const tags = new Map((before ?? []).map(({ tagId, value }) => [tagId, value]));
  const given = new Set<number>();
  for (const { name, value } of assignments) {
    const tag = applicableTag(context, name);
    if (given.has(tag.id)) throw compilationError(`Tag '${tag.name}' is set twice in the same statement.`, "001003");
    given.add(tag.id);
    requireAllowed(tag, value);
    tags.set(tag.id, value);
  }
  if (tags.size > MOST_TAGS) throw compilationError(`At most ${MOST_TAGS} tags can be set on one object.`, "003543");
  return [...tags].map(([tagId, value]) => ({ tagId, value }));
}

function requireAllowed({ name, allowedValues }: Tag, value: string): void {
  if (value.length > LONGEST_VALUE) {
    throw compilationError(`The value of tag '${name}' is longer than ${LONGEST_VALUE} characters.`, "003540", "22023");
  }
  if (allowedValues === null || allowedValues.includes(value)) return;
  throw compilationError(
    `Invalid tag value '${value}' for tag '${name}'. Allowed values are: ${allowedValues.map((one) => `'${one}'`).join(", ")}.`,
    "003541",
    "22023",
  );
}

export function withoutTags(
  context: StatementContext,
  before: readonly TagValue[] | undefined,
  names: readonly ObjectName[],
): readonly TagValue[] {
  const gone = new Set(names.map((name) => applicableTag(context, name).id));
  return (before ?? []).filter(({ tagId }) => !gone.has(tagId));
}

/** A tag as it reaches an object or column, from where. */
export interface EffectiveTag {
  readonly tag: Tag;
  readonly value: string;
  /** The object or, for undefined, the column itself on which it is set. */
  readonly setOn: CatalogObject | undefined;
}

/**
 * The tags of an object, or of one of its columns, with those inherited from what it lies in; the nearest value counts.
 * Source: "Tag inheritance".
 *
 * @param own tags of the column
 */
export function effectiveTags(
  { instance: { catalog } }: Pick<StatementContext, "instance">,
  object: CatalogObject,
  own: readonly TagValue[] = [],
): readonly EffectiveTag[] {
  const found = new Map<number, EffectiveTag>();
  const collect = (tags: readonly TagValue[] | undefined, setOn: CatalogObject | undefined): void => {
    for (const { tagId, value } of tags ?? []) {
      const tag = catalog.object(tagId);
      if (tag?.kind !== "TAG" || tag.droppedOn !== undefined || found.has(tagId)) continue;
      found.set(tagId, { tag, value, setOn });
    }
  };
  collect(own, undefined);
  for (
    let at: CatalogObject | undefined = object;
    at;
    at = at.parentId === ACCOUNT ? undefined : catalog.object(at.parentId)
  ) {
    collect(at.tags, at);
  }
  return [...found.values()];
}
