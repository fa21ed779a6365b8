import type { DataType } from "../dataType";
import type { Identifier, ObjectName } from "../identifier";
import type { Property } from "../property";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CreateOptions } from "./common";
import type { EmbeddedExpression } from "./task";

export interface PolicyArgument {
  readonly name: Identifier;
  readonly type: DataType;
}

/** CREATE MASKING POLICY and CREATE ROW ACCESS POLICY. Sources: the pages of these names. */
export interface CreatePolicy extends Node, CreateOptions {
  readonly kind: "createMaskingPolicy" | "createRowAccessPolicy";
  readonly name: ObjectName;
  readonly arguments: readonly PolicyArgument[];
  readonly returns: DataType;
  readonly body: EmbeddedExpression;
  /** COMMENT, EXEMPT_OTHER_POLICIES. */
  readonly properties: readonly Property[];
}

/** Sources: "ALTER MASKING POLICY", "ALTER ROW ACCESS POLICY". */
export interface AlterPolicy extends Node, AlterTarget {
  readonly kind: "alterMaskingPolicy" | "alterRowAccessPolicy";
  readonly action: CommonAlterAction | { readonly action: "setBody"; readonly body: EmbeddedExpression };
}
