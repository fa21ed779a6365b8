import { compilationError, unsupported } from "../../errors";
import type { Sample } from "../../sql/ast/query";
import { constantValue } from "../construct";
import type { Plan } from "../plan";
import type { BindContext } from "./context";
import { ExpressionBinder } from "./expression";
import { EMPTY_SCOPE } from "./scope";

const MOST_ROWS = 1_000_000;
const LARGEST_SEED = 2_147_483_647;

/** SAMPLE of a source, with the limits that its page states. Source: "SAMPLE / TABLESAMPLE". */
export function bindSample(context: BindContext, input: Plan, sample: Sample): Plan {
  const binder = new ExpressionBinder(context, { scope: EMPTY_SCOPE, clause: "SAMPLE" }, () => {
    throw unsupported("a subquery in SAMPLE");
  });
  const constant = (expression: Sample["size"], what: string, most: number, whole: boolean): number => {
    const value = constantValue(binder.bind(expression));
    const number = typeof value === "string" ? Number(value) : NaN;
    if (!(number >= 0 && number <= most) || (whole && !Number.isInteger(number))) {
      throw compilationError(
        `The ${what} of SAMPLE must be a constant ${whole ? "whole " : ""}number from 0 to ${most}.`,
        "001014",
        "22023",
      );
    }
    return number;
  };
  const { method, rows, seed } = sample;
  if (rows && method === "SYSTEM") throw unsupported("SAMPLE SYSTEM or BLOCK of a number of rows");
  if (rows && seed) throw unsupported("SAMPLE of a number of rows with SEED");
  if (seed && input.kind !== "scan") throw unsupported("SAMPLE with SEED on a view or subquery");
  return {
    kind: "sample",
    input,
    method,
    rows,
    size: rows
      ? constant(sample.size, "number of rows", MOST_ROWS, true)
      : constant(sample.size, "probability", 100, false),
    ...(seed ? { seed: constant(seed, "seed", LARGEST_SEED, true) } : {}),
    columns: input.columns,
  };
}
