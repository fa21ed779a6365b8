import type { ObjectName } from "../identifier";
import type { Node } from "../span";
import type { AlterTarget, CommonAlterAction } from "./alterActions";
import type { CreateOptions } from "./common";

export interface CreateSequence extends Node, CreateOptions {
  readonly kind: "createSequence";
  readonly name: ObjectName;
  readonly start: number;
  readonly increment: number;
  readonly ordered?: boolean;
  readonly comment?: string;
}
export interface AlterSequence extends Node, AlterTarget {
  readonly kind: "alterSequence";
  readonly action:
    | CommonAlterAction
    | { readonly action: "setIncrement"; readonly increment: number }
    | { readonly action: "setOrder"; readonly ordered: boolean };
}
