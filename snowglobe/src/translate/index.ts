/**
 * From the syntax tree of a query to DuckDB's SQL: names and types are bound with Snowflake's semantics, the result is a
 * logical plan, and the plan is emitted as one SELECT. Pure and synchronous.
 */
export type * from "./boundExpression";
export type * from "./environment";
export type * from "./plan";
export { Binder, bindQuery, type BoundQuery } from "./binder";
export { expressionKey } from "./bind/block";
export type { Scope } from "./bind/scope";
export { assignmentCast } from "./assignment";
export { castTo } from "./cast";
export { booleanLiteral, call, columnRef } from "./construct";
export { translateDuckDbError } from "./duckdbErrors";
export { emitExpression, emitPlan, type EmitOptions } from "./emit/plan";
export { literalFromBind, typedLiteral } from "./literal";
export { builtInFunctions, traitsOf } from "./functions/registry";
export type { FunctionDefinition } from "./functions/definition";
export { argumentText } from "./bind/functionCall";
export type { FunctionTraits } from "./functions/traits";
export { hostFunctions } from "./host";
export { macroDefinitions } from "./macros";
export { raiseSql } from "./raise";
export { planProperties } from "./planProperties";
export { inlineCtes, rewriteExpression, rewritePlan } from "./planRewrite";
export { expressionsOf, inputsOf, mapChildren, scansOf, walkExpression, walkPlan } from "./planWalk";
export { isSemiStructured, isText, isTimestamp, physicalType } from "./types/physicalType";
export { timeByFormat } from "./timeByFormat";
export { columnType, commonType } from "./types/supertype";
export { batchProjection, decodeFromWire, encodeForWire } from "./wire";
export { usedColumns } from "./usedColumns";
