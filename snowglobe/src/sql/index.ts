/** Snowflake SQL: text to tokens to AST to text. Pure; knows only ../errors. */
export * from "./ast/dataType";
export * from "./ast/expression";
export * from "./ast/identifier";
export * from "./ast/property";
export * from "./ast/query";
export * from "./ast/scripting";
export * from "./ast/span";
export * from "./ast/statement";
export * from "./ast/statements/alert";
export * from "./ast/statements/alterActions";
export * from "./ast/statements/attachment";
export * from "./ast/statements/common";
export * from "./ast/statements/container";
export * from "./ast/statements/dml";
export * from "./ast/statements/dynamicTable";
export * from "./ast/statements/integration";
export * from "./ast/statements/metadata";
export * from "./ast/statements/policy";
export * from "./ast/statements/routine";
export * from "./ast/statements/security";
export * from "./ast/statements/sequence";
export * from "./ast/statements/session";
export * from "./ast/statements/stage";
export * from "./ast/statements/stream";
export * from "./ast/statements/table";
export * from "./ast/statements/tag";
export * from "./ast/statements/task";
export * from "./ast/statements/view";
export * from "./ast/statements/warehouse";
export { foldQuotedParts } from "./foldQuoted";
export { highestBind } from "./highestBind";
export { quoteName as quoteIdentifier, quoteString } from "../quoting";
export { lineAndPosition, type TextPosition } from "./lexer/position";
export {
  foldQuotedIdentifiers,
  parseDataType,
  parseExpression,
  parseFunctionBody,
  parseObjectName,
  parseQuery,
  parseStatement,
  parseStatements,
  sourceOf,
  splitStatements,
} from "./parse";
export { FOREIGN_KINDS } from "./parser/foreignKinds";
export { OBJECT_KINDS } from "./parser/objectKind";
export { printIdentifier, printObjectName } from "./print/name";
export { printExpression, printQuery } from "./print/query";
export { printStatement } from "./print/statement";
export * from "./ast/walk";
