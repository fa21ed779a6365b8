/** A stretch of statement text: offsets in UTF-16 code units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What every node carries: where in the statement's text it stands. */
export interface Node {
  readonly span: Span;
  /** Of a statement in which IDENTIFIER(...) takes a name from a variable. */
  readonly namesInVariables?: true;
}
