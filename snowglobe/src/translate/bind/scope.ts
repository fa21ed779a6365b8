import { ambiguousColumn } from "../../errors";
import type { Identifier } from "../../sql/ast/identifier";
import type { BoundExpression } from "../boundExpression";
import { columnRef } from "../construct";
import type { PlanColumn } from "../plan";
import type { CteBinding } from "./cte";

/** One FROM item as names see it. */
export interface ScopeSource {
  readonly alias?: string;
  /** Database, schema and name of a table without alias. */
  readonly path?: readonly string[];
  readonly columns: readonly PlanColumn[];
  /** Names that no `*` brings, with what they stand for. */
  readonly metadata?: ReadonlyMap<string, () => BoundExpression>;
}

/** A column that USING or NATURAL made one out of two. */
export interface MergedColumn {
  readonly name: string;
  readonly expression: BoundExpression;
  /** The ids of both sides: hidden from unqualified names and from `*`. */
  readonly hides: ReadonlySet<string>;
}

/** The names visible at one place; looks outwards to `parent` for correlated references. */
export interface Scope {
  readonly sources: readonly ScopeSource[];
  readonly merged: readonly MergedColumn[];
  readonly parent?: Scope;
  readonly ctes?: CteFrame;
}

/** Common table expressions in reach, innermost first. */
export interface CteFrame {
  readonly byName: Map<string, CteBinding>;
  readonly parent?: CteFrame;
}

export const EMPTY_SCOPE: Scope = { sources: [], merged: [] };

export function findCte(frame: CteFrame | undefined, name: string): CteBinding | undefined {
  for (let at = frame; at; at = at.parent) {
    const found = at.byName.get(name);
    if (found) return found;
  }
  return undefined;
}

function matchesQualifier(source: ScopeSource, qualifier: readonly string[]): boolean {
  if (qualifier.length === 0) return true;
  if (source.alias !== undefined) return qualifier.length === 1 && source.alias === qualifier[0];
  if (!source.path) return false;
  const tail = source.path.slice(source.path.length - qualifier.length);
  return tail.length === qualifier.length && tail.every((part, i) => part === qualifier[i]);
}

/** Sources that a qualifier such as `t` or `db.s.t` means. */
export function qualifiedSources(scope: Scope, qualifier: readonly Identifier[]): readonly ScopeSource[] {
  const names = qualifier.map((part) => part.name);
  return scope.sources.filter((source) => matchesQualifier(source, names));
}

/**
 * The column of this one scope that a name means, undefined where there is none.
 * @throws SnowflakeError 001052 where it may mean two
 */
export function findInScope(scope: Scope, parts: readonly Identifier[]): BoundExpression | undefined {
  const name = parts[parts.length - 1]!.name;
  const qualifier = parts.slice(0, -1).map((part) => part.name);
  if (qualifier.length === 0) {
    const merged = scope.merged.find((column) => column.name === name);
    if (merged) return merged.expression;
  }
  let found: BoundExpression | undefined;
  for (const source of scope.sources) {
    if (!matchesQualifier(source, qualifier)) continue;
    found ??= source.metadata?.get(name)?.();
    for (const column of source.columns) {
      if (column.name !== name) continue;
      if (found) throw ambiguousColumn(parts.map((part) => part.name).join("."));
      found = columnRef(column, displayName(source, column));
    }
  }
  return found;
}

/** As in messages: `T.A`. */
export function displayName(source: ScopeSource, column: PlanColumn): string {
  const table = source.alias ?? source.path?.[source.path.length - 1];
  return table === undefined ? column.name : `${table}.${column.name}`;
}

/** A column by its place, for `$1` and `t.$1`. */
export function findByPosition(
  scope: Scope,
  qualifier: string | undefined,
  position: number,
): BoundExpression | undefined {
  const sources = scope.sources.filter((source) =>
    matchesQualifier(source, qualifier === undefined ? [] : [qualifier]),
  );
  if (sources.length !== 1) return undefined;
  const column = sources[0]!.columns[position - 1];
  return column && columnRef(column);
}

/** A select alias: bound when it is first used. */
export type AliasResolver = (name: string) => BoundExpression | undefined;
