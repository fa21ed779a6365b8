import type { CatalogObject, Tag, TagValue } from "../../catalog/objects";
import {
  CREATED,
  DELETED,
  OWNER_TYPE,
  everyObject,
  identity,
  usageView,
  type UsageView,
} from "../../execution/accountUsage";
import type { StatementContext } from "../../execution/context";
import { INTEGER, TEXT, TIMESTAMP } from "../../execution/outcome";
import { type ShownColumn, databaseName, schemaName } from "../../execution/shownColumn";
import { VARIANT } from "../../sql/ast/dataType";
import type { TaggedObject } from "./taggedObject";
import { domainOf, placeOf } from "./tagReferencesFunction";

/** Source: "TAGS view". */
const TAGS: readonly ShownColumn<Tag>[] = [
  ...identity("TAG", (tag: Tag) => tag, "DATABASE"),
  ["TAG_OWNER", TEXT, ({ owner }) => owner],
  ["TAG_COMMENT", VARIANT, ({ comment }) => (comment === "" ? null : JSON.stringify(comment))],
  CREATED,
  ["LAST_ALTERED", TIMESTAMP, ({ createdOn }) => createdOn],
  DELETED,
  ["ALLOWED_VALUES", VARIANT, ({ allowedValues }) => allowedValues && JSON.stringify(allowedValues)],
  OWNER_TYPE,
  ["PROPAGATE", TEXT],
  ["ON_CONFLICT", TEXT],
];

/** A tag that is set on an object or a column. */
interface Reference extends TaggedObject {
  readonly tag: Tag;
  readonly value: string;
  /** Of the column, from 1. */
  readonly position?: number;
}

/** Source: "TAG_REFERENCES view". What is inherited is not in it. */
const REFERENCES: readonly ShownColumn<Reference>[] = [
  ["TAG_DATABASE", TEXT, ({ tag }, context) => databaseName(tag, context)],
  ["TAG_SCHEMA", TEXT, ({ tag }, context) => schemaName(tag, context)],
  ["TAG_ID", INTEGER, ({ tag }) => tag.id],
  ["TAG_NAME", TEXT, ({ tag }) => tag.name],
  ["TAG_VALUE", TEXT, ({ value }) => value],
  ["OBJECT_DATABASE", TEXT, (reference, context) => placeOf(reference, context)[0]],
  ["OBJECT_SCHEMA", TEXT, (reference, context) => placeOf(reference, context)[1]],
  ["OBJECT_ID", INTEGER, ({ object }) => object.id],
  ["OBJECT_NAME", TEXT, ({ object }) => object.name],
  ["OBJECT_DELETED", TIMESTAMP, ({ object }) => object.droppedOn],
  ["DOMAIN", TEXT, ({ object, column }) => (column ? "COLUMN" : domainOf(object))],
  ["COLUMN_ID", INTEGER, ({ position }) => position],
  ["COLUMN_NAME", TEXT, ({ column }) => column?.name],
  ["APPLY_METHOD", TEXT, () => "MANUAL"],
];

function references({ instance: { catalog } }: StatementContext): Reference[] {
  const found: Reference[] = [];
  const add = (tags: readonly TagValue[] | undefined, on: Omit<Reference, "tag" | "value">): void => {
    for (const { tagId, value } of tags ?? []) {
      const tag = catalog.object(tagId);
      if (tag?.kind === "TAG" && tag.droppedOn === undefined) found.push({ ...on, tag, value });
    }
  };
  for (const object of catalog.all()) {
    add(object.tags, { object });
    columnsOf(object).forEach((column, index) => add(column.tags, { object, column, position: index + 1 }));
  }
  return found;
}

function columnsOf(object: CatalogObject): readonly NonNullable<TaggedObject["column"]>[] {
  return "columns" in object ? object.columns : [];
}

export const TAG_USAGE: Readonly<Record<string, UsageView>> = {
  TAGS: usageView((context) => everyObject(context, "TAG"), TAGS),
  TAG_REFERENCES: usageView(references, REFERENCES),
};
