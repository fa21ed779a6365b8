import { LikePattern } from "../../catalog/likePattern";
import { ambiguousColumn, compilationError, invalidIdentifier, type SnowflakeError } from "../../errors";
import type { Expression, Star } from "../../sql/ast/expression";
import type { Identifier } from "../../sql/ast/identifier";
import type { BoundExpression } from "../boundExpression";
import { columnRef } from "../construct";
import { type BindContext, locate, nameText } from "./context";
import { displayName, qualifiedSources, type Scope } from "./scope";

/** A column that a star stands for: bound already, or an expression that REPLACE gives. */
export interface StarColumn {
  readonly name: string;
  readonly bound?: BoundExpression;
  readonly syntax?: Expression;
}

/** Whether a star is all columns of all sources: in COUNT it means rows then. */
export function isPlainStar(star: Star): boolean {
  return star.qualifier.length === 0 && star.ilike === undefined && star.exclude === undefined;
}

/** The columns that a star stands for. Source: "SELECT", sections on ILIKE, EXCLUDE, REPLACE and RENAME. */
export function expandStar(context: BindContext, scope: Scope, star: Star): readonly StarColumn[] {
  const qualified = star.qualifier.length > 0;
  const sources = qualified ? qualifiedSources(scope, star.qualifier) : scope.sources;
  if (sources.length === 0) {
    if (qualified) throw invalidIdentifier(`${nameText(star.qualifier)}.*`, locate(context, star.span));
    throw compilationError("Cannot use * without a FROM clause", "002022");
  }
  const columns: StarColumn[] = [];
  const hidden = new Set<string>();
  if (!qualified) {
    for (const merged of scope.merged) {
      columns.push({ name: merged.name, bound: merged.expression });
      for (const id of merged.hides) hidden.add(id);
    }
  }
  for (const source of sources) {
    for (const column of source.columns) {
      if (column.hidden || hidden.has(column.id)) continue;
      columns.push({ name: column.name, bound: columnRef(column, displayName(source, column)) });
    }
  }
  return chosenColumns(context, star, columns);
}

function chosenColumns(context: BindContext, star: Star, columns: readonly StarColumn[]): readonly StarColumn[] {
  let kept = columns;
  if (star.ilike !== undefined) {
    const pattern = new LikePattern(star.ilike);
    kept = kept.filter((column) => pattern.test(column.name));
  }
  const known = (name: Identifier): void => {
    if (!columns.some((column) => column.name === name.name)) {
      throw invalidIdentifier(name.name, locate(context, name.span));
    }
  };
  for (const name of star.exclude ?? []) known(name);
  kept = kept.filter((column) => !star.exclude?.some((name) => name.name === column.name));
  const timesKept = (name: Identifier): number => kept.filter((column) => column.name === name.name).length;
  const replaced = (star.replace ?? []).map(({ name }) => name);
  for (const [index, name] of replaced.entries()) {
    known(name);
    if (timesKept(name) === 0) throw invalidIdentifier(name.name, locate(context, name.span));
    if (timesKept(name) > 1) throw ambiguousColumn(name.name);
    if (replaced.findIndex((other) => other.name === name.name) < index) throw duplicateColumn(name.name);
  }
  for (const { from } of star.rename ?? []) {
    known(from);
    if (timesKept(from) === 0) throw invalidIdentifier(from.name, locate(context, from.span));
  }
  return kept.map((column) => {
    const replaced = star.replace?.find(({ name }) => name.name === column.name);
    const renamed = star.rename?.find(({ from }) => from.name === column.name);
    const name = renamed ? renamed.to.name : column.name;
    return replaced ? { name, syntax: replaced.expression } : { ...column, name };
  });
}

function duplicateColumn(name: string): SnowflakeError {
  return compilationError(`duplicate column name '${name}'`, "002025", "42S21");
}
