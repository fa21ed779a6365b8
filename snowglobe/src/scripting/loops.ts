import { compilationError } from "../errors";
import type {
  ForCursorStatement,
  ForRangeStatement,
  LoopStatement,
  RepeatStatement,
  WhileStatement,
} from "../sql/ast/scripting";
import { afterRound, NORMAL, type Completion } from "./completion";
import { RowReader } from "./cursor";
import type { Frame, Interpreter } from "./interpreter";
import { BlockScope } from "./scope";
import { numberValue } from "./values";

/** WHILE, REPEAT and LOOP. Source: "Working with loops". */
export async function runConditionLoop(
  interpreter: Interpreter,
  loop: WhileStatement | RepeatStatement | LoopStatement,
  frame: Frame,
): Promise<Completion> {
  for (;;) {
    await interpreter.breathe();
    if (loop.kind === "while" && !(await interpreter.condition(loop.condition, frame.scope))) return NORMAL;
    const scope = new BlockScope(frame.scope);
    const ended = afterRound(await interpreter.list(loop.body, { ...frame, scope }), loop.label?.name);
    if (ended) return ended;
    if (loop.kind === "repeat" && (await interpreter.condition(loop.until, scope))) return NORMAL;
  }
}

/** FOR i IN [REVERSE] a TO b: both ends are rounded to whole numbers once, before the first round. */
export async function runRangeLoop(
  interpreter: Interpreter,
  loop: ForRangeStatement,
  frame: Frame,
): Promise<Completion> {
  const end = async (expression: ForRangeStatement["from"]): Promise<bigint> => {
    const value = await interpreter.guarded(loop.span, "EXPRESSION_ERROR", () =>
      interpreter.sql.value(expression, frame.scope, { kind: "NUMBER", precision: 38, scale: 0 }),
    );
    if (value.value === null) throw compilationError("The range of a FOR loop must not be NULL");
    return BigInt(value.value);
  };
  const from = await end(loop.from);
  const to = await end(loop.to);
  for (let at = loop.reverse ? to : from; at >= from && at <= to; at += loop.reverse ? -1n : 1n) {
    await interpreter.breathe();
    const scope = new BlockScope(frame.scope);
    const value = { ...numberValue(0), value: String(at) };
    scope.declare(loop.variable.name, { kind: "variable", type: value.type, value });
    const ended = afterRound(await interpreter.list(loop.body, { ...frame, scope }), loop.label?.name);
    if (ended) return ended;
  }
  return NORMAL;
}

/** FOR row IN cursor | resultset: a cursor is opened and closed by the loop. Source: "FOR (Snowflake Scripting)". */
export async function runCursorLoop(
  interpreter: Interpreter,
  loop: ForCursorStatement,
  frame: Frame,
): Promise<Completion> {
  const source = await interpreter.guarded(loop.span, "STATEMENT_ERROR", async () => {
    const found = frame.scope.require(loop.source.name, "cursor", "resultSet");
    if (found.kind === "resultSet") {
      const reader = new RowReader(interpreter.resultSet(loop.source.name, frame.scope));
      return { next: () => reader.next(), close: () => undefined };
    }
    const own = !found.isOpen;
    if (own) await interpreter.open(loop.source.name, [], frame);
    return { next: () => found.fetch(), close: () => (own && found.isOpen ? found.close() : undefined) };
  });
  try {
    for (let row = source.next(); row; row = source.next()) {
      await interpreter.breathe();
      const { names, values } = row;
      const scope = new BlockScope(frame.scope);
      const columns = new Map(names.map((name, index) => [name, values[index]!]));
      scope.declare(loop.variable.name, { kind: "row", columns });
      const ended = afterRound(await interpreter.list(loop.body, { ...frame, scope }), loop.label?.name);
      if (ended) return ended;
    }
    return NORMAL;
  } finally {
    source.close();
  }
}
