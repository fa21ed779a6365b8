import type { ObjectName } from "../../sql/ast/identifier";
import type { Span } from "../../sql/ast/span";
import type { BindEnvironment, Relation, StoredRelation, StreamRelation, ViewRelation } from "../environment";
import type { SnowflakeError } from "../../errors";
import { MOST_RELATIONS, tooComplex } from "../limits";

/** A relation that the statement reads, for privileges and dependencies. */
export interface Reference {
  readonly relation: Relation;
  /** Paths of the views between the statement and this relation, outermost first; empty for a direct reference. */
  readonly through: readonly (readonly string[])[];
}

/** What one statement's binding shares: ids and what was found on the way. */
export class BindState {
  private lastId = 0;
  private lastNumber = 0;
  private relations = 0;
  readonly references: Reference[] = [];

  /** A column id that no other column of the query has. */
  newId(): string {
    this.lastId += 1;
    return `x${this.lastId}`;
  }

  /** Counts a relation that is read. @throws SnowflakeError where views multiply beyond all measure */
  addRelation(): void {
    this.relations += 1;
    if (this.relations > MOST_RELATIONS)
      throw tooComplex(`it reads more than ${MOST_RELATIONS} tables, through its views`);
  }

  /** A number for what is no column: scans, common table expressions. */
  newNumber(): number {
    this.lastNumber += 1;
    return this.lastNumber;
  }
}

/** Where binding is: the text that spans refer to, and the environment that names are looked up in. */
export interface BindContext {
  readonly state: BindState;
  readonly environment: BindEnvironment;
  readonly text: string;
  /** Views being expanded, outermost first. */
  readonly through: readonly (readonly string[])[];
  /** Within DYNAMIC_TABLE_REFRESH_BOUNDARY(...). */
  readonly boundary?: true;
}

export function recordReference(context: BindContext, relation: StoredRelation | StreamRelation | ViewRelation): void {
  context.state.references.push({ relation, through: context.through });
}

/** Line (from 1) and position in the line (from 0) of a span, where the text is known. */
export function locate(context: BindContext, span: Span): SnowflakeError["at"] {
  if (context.text === "") return undefined;
  const before = context.text.slice(0, span.start);
  const line = before.split("\n").length;
  return { line, position: span.start - (before.lastIndexOf("\n") + 1) };
}

/** The words of the user's text at a span. */
export function textOf(context: BindContext, span: Span): string {
  return context.text.slice(span.start, span.end);
}

export function nameText(name: ObjectName): string {
  return name.map((part) => (/^[A-Z_][A-Z0-9_$]*$/.test(part.name) ? part.name : `"${part.name}"`)).join(".");
}
