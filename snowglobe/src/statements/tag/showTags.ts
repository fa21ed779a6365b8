import type { Tag } from "../../catalog/objects";
import { listing } from "../../execution/listing";
import { TEXT } from "../../execution/outcome";
import {
  type ShownColumn,
  COMMENT,
  CREATED_ON,
  DATABASE_NAME,
  NAME,
  OWNER,
  OWNER_ROLE_TYPE,
  SCHEMA_NAME,
} from "../../execution/shownColumn";

const COLUMNS: readonly ShownColumn<Tag>[] = [
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  ["allowed_values", TEXT, ({ allowedValues }) => allowedValues && JSON.stringify(allowedValues)],
  OWNER_ROLE_TYPE,
];

/** Source: "SHOW TAGS". */
export const showTags = listing("TAG", COLUMNS);
