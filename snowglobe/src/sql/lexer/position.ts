import { syntaxError, type SnowflakeError } from "../../errors";

/** A place in a text as Snowflake's messages count it. */
export interface TextPosition {
  /** 1-based. */
  readonly line: number;
  /** 0-based, in UTF-16 code units from the line's start. */
  readonly position: number;
}

/** Line and position of an offset. */
export function lineAndPosition(text: string, offset: number): TextPosition {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, position: offset - lineStart };
}

/** The syntax error for the token that stands at `start`; `token` is its text, or `<EOF>`. */
export function syntaxErrorAt(text: string, start: number, token: string): SnowflakeError {
  const { line, position } = lineAndPosition(text, start);
  return syntaxError(line, position, token);
}
