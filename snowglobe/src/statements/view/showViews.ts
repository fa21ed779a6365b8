import type { View } from "../../catalog/objects";
import {
  type ShownColumn,
  CREATED_ON,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
} from "../../execution/shownColumn";
import { TEXT } from "../../execution/outcome";
import { viewText } from "../../execution/authorize";
import { listing } from "../../execution/listing";
const VIEW_COLUMNS: readonly ShownColumn<View>[] = [
  CREATED_ON,
  NAME,
  ["reserved", TEXT, () => ""],
  DATABASE_NAME,
  SCHEMA_NAME,
  OWNER,
  COMMENT,
  ["text", TEXT, (view, context) => viewText(context, view) ?? ""],
  ["is_secure", TEXT, (view) => String(view.secure)],
  ["is_materialized", TEXT, () => "false"],
  OWNER_ROLE_TYPE,
  ["change_tracking", TEXT, (view) => (view.changeTracking ? "ON" : "OFF")],
];

/** Source: "SHOW VIEWS". */
export const showViews = listing("VIEW", VIEW_COLUMNS);
