import fc from "fast-check";
import { type Expression, parseExpression, printExpression } from "../../src/sql";
import { structure } from "./structure";

const span = { start: 0, end: 0 };

/** Expressions of the kinds that hold others, over a few leaves with awkward texts. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const inner = tie("expression");
  const leaf: fc.Arbitrary<Expression>[] = [
    fc.constantFrom("0", "1", "1.5", ".5", "1e3").map((text) => ({ kind: "number", text, span })),
    fc.string().map((value) => ({ kind: "string", value, span })),
    fc.constant({ kind: "null", span }),
    fc.string({ minLength: 1 }).map((name) => ({ kind: "column", parts: [{ name, quoted: true, span }], span })),
    fc
      .constantFrom("A", "DESC", "X1")
      .map((name) => ({ kind: "column", parts: [{ name, quoted: false, span }], span })),
  ];
  const binary = fc
    .tuple(fc.constantFrom("+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "AND", "OR"), inner, inner)
    .map(([operator, left, right]) => ({ kind: "binary", operator, left, right, span }) as Expression);
  const compound: fc.Arbitrary<Expression>[] = [
    binary,
    fc
      .tuple(fc.constantFrom("+", "-", "NOT"), inner)
      .map(([operator, operand]) => ({ kind: "unary", operator, operand, span }) as Expression),
    fc
      .tuple(inner, fc.boolean(), fc.constantFrom("NULL", "TRUE", "FALSE"))
      .map(([operand, negated, test]) => ({ kind: "is", test, negated, operand, span }) as Expression),
    fc
      .tuple(inner, inner, inner, fc.boolean())
      .map(([operand, low, high, negated]) => ({ kind: "between", negated, operand, low, high, span })),
    fc
      .tuple(inner, fc.array(inner, { minLength: 1, maxLength: 3 }), fc.boolean())
      .map(([operand, items, negated]) => ({ kind: "inList", negated, operand, items, span })),
    fc
      .tuple(inner, inner, fc.boolean(), fc.constantFrom("LIKE", "ILIKE", "RLIKE"))
      .map(
        ([operand, pattern, negated, operator]) =>
          ({ kind: "like", operator, negated, operand, patterns: [pattern], span }) as Expression,
      ),
    fc.tuple(inner, inner, fc.option(inner, { nil: undefined })).map(([when, then, otherwise]) => ({
      kind: "case",
      branches: [{ when, then }],
      ...(otherwise && { otherwise }),
      span,
    })),
    fc
      .tuple(inner, fc.boolean())
      .map(([operand, tryCast]) => ({ kind: "cast", operand, type: { kind: "DATE" }, tryCast, span })),
    fc.tuple(inner, fc.string()).map(([base, key]) => ({ kind: "path", base, steps: [{ kind: "key", key }], span })),
    fc.tuple(inner, fc.string()).map(([operand, collation]) => ({ kind: "collate", operand, collation, span })),
    fc.array(inner, { minLength: 2, maxLength: 3 }).map((items) => ({ kind: "row", items, span })),
    fc.array(inner, { maxLength: 3 }).map((items) => ({ kind: "array", items, span })),
    fc.array(inner, { maxLength: 3 }).map((args) => ({
      kind: "call",
      name: [{ name: "F", quoted: false, span }],
      args,
      namedArgs: [],
      distinct: false,
      span,
    })),
  ];
  return { expression: fc.oneof({ maxDepth: 5, depthIdentifier: "e" }, fc.oneof(...leaf), ...compound) };
});

test("a printed expression is read back as it was", () => {
  fc.assert(
    fc.property(expression, (tree) => {
      expect(structure(parseExpression(printExpression(tree)))).toEqual(structure(tree));
    }),
    { numRuns: 1_000 },
  );
});

test("any text is read or refused with a Snowflake error, never with another", () => {
  const words = fc.constantFrom(
    ..."select from where ( ) , ; a 'b' 1 case when end begin create table as -> ->> :: : [ ] $1 $$ @s not in".split(
      " ",
    ),
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 3 })), { maxLength: 12 }), (parts) => {
      try {
        parseExpression(parts.join(" "));
      } catch (error) {
        expect((error as Error).name).toBe("SnowflakeError");
      }
    }),
    { numRuns: 2_000 },
  );
});
