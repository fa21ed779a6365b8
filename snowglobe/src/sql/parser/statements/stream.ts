import type { TimeTravel } from "../../ast/query";
import type { AlterStream, CreateStream } from "../../ast/statements/stream";
import { expectCommonAlterAction } from "../alterActions";
import { type CreateHeader, parseClone, parseCreateName, parseObjectClauses, parseTarget } from "../clauses";
import type { TokenCursor } from "../cursor";
import { parseObjectName } from "../identifier";
import { parseTimeTravel } from "../timeTravel";

const SOURCES = ["TABLE", "VIEW", "DYNAMIC TABLE", "STAGE", "EXTERNAL TABLE", "EVENT TABLE"] as const;

/** Source: "CREATE STREAM". */
export function parseCreateStream(cursor: TokenCursor, header: CreateHeader): CreateStream {
  const name = parseCreateName(cursor, header);
  let on: CreateStream["on"];
  let timeTravel: TimeTravel | undefined;
  const clone = parseClone(cursor);
  const parseOwn = (): boolean => {
    if (!on && !clone && cursor.is("ON")) {
      on = parseSource(cursor);
      return true;
    }
    const travel = timeTravel ? undefined : parseTimeTravel(cursor);
    timeTravel ??= travel;
    return travel !== undefined;
  };
  const { properties, tags, copyGrants } = parseObjectClauses(cursor, parseOwn);
  if (!on && !clone) throw cursor.unexpected();
  const span = cursor.spanFrom(header.first);
  return {
    kind: "createStream",
    ...name,
    copyGrants,
    tags,
    ...(on && { on }),
    ...(timeTravel && { timeTravel }),
    ...(clone && { clone }),
    properties,
    text: cursor.slice(span),
    span,
  };
}

function parseSource(cursor: TokenCursor): CreateStream["on"] {
  cursor.expect("ON");
  const objectKind = SOURCES.find((kind) => cursor.accept(...kind.split(" ")));
  if (objectKind === undefined) throw cursor.unexpected();
  return { objectKind, name: parseObjectName(cursor) };
}

/** Source: "ALTER STREAM". */
export function parseAlterStream(cursor: TokenCursor, first: number): AlterStream {
  const target = parseTarget(cursor);
  const action = expectCommonAlterAction(cursor);
  return { kind: "alterStream", ...target, action, span: cursor.spanFrom(first) };
}
