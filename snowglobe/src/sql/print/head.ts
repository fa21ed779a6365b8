import type { ObjectName } from "../ast/identifier";
import type { CreateOptions } from "../ast/statements/common";
import { printObjectName, words } from "./name";

/** `CREATE [OR REPLACE | OR ALTER] kind [IF NOT EXISTS] name`. */
export function printHead(statement: CreateOptions & { readonly name: ObjectName }, kind: string): string {
  return words(
    "CREATE",
    statement.orReplace && "OR REPLACE",
    statement.orAlter && "OR ALTER",
    kind,
    statement.ifNotExists && "IF NOT EXISTS",
    printObjectName(statement.name),
  );
}
