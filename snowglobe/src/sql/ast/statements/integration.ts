import type { ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CreateOptions } from "./common";

/** CREATE NOTIFICATION INTEGRATION. `properties`: TYPE, ENABLED, ALLOWED_RECIPIENTS, DEFAULT_SUBJECT ... */
export interface CreateNotificationIntegration extends Node, CreateOptions {
  readonly kind: "createNotificationIntegration";
  readonly name: ObjectName;
  readonly properties: readonly Property[];
}
export interface AlterIntegration extends Node, AlterTarget {
  readonly kind: "alterIntegration";
  /** ALTER INTEGRATION without NOTIFICATION gives INTEGRATION. */
  readonly objectKind: "INTEGRATION" | "NOTIFICATION INTEGRATION";
  readonly action: CommonAlterAction;
}
