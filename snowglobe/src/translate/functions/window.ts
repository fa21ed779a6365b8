import { FLOAT, NUMBER } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { castTo } from "../cast";
import { RANK_MARK } from "../emit/plan";
import { arithmetic, comparison } from "../operators";
import { number } from "../types/numeric";
import { physicalType } from "../types/physicalType";
import { commonType } from "../types/supertype";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { argument, constantOf, typeMismatch } from "./signature";
import type { FunctionTraits } from "./traits";

function define(
  name: string,
  min: number,
  max: number,
  bind: FunctionDefinition["bind"],
  frame: FunctionDefinition["frame"],
  traits: FunctionTraits = {},
): FunctionDefinition {
  return { names: [name], min, max, kind: "window", bind, frame, traits };
}

/** Source: "Supported queries for dynamic tables", window functions. */
const RANK: FunctionTraits = { ties: "peers", notIncremental: "sliding" };
const FIRST: FunctionTraits = { ties: "first" };

function ranking(name: string, sql: string): FunctionDefinition {
  return define(
    name,
    0,
    0,
    (_bound, context) =>
      context.aggregate({
        name,
        template: `${sql}(${RANK_MARK})`,
        wrapper: "CAST($0 AS DECIMAL(38,0))",
        args: [],
        type: NUMBER,
        nullable: false,
      }),
    // Any order among rows that have none.
    name === "ROW_NUMBER" ? "position without order" : "position",
    name === "ROW_NUMBER" ? FIRST : RANK,
  );
}

function fraction(name: string, sql: string, traits: FunctionTraits): FunctionDefinition {
  return define(
    name,
    0,
    0,
    (_bound, context) =>
      context.aggregate({ name, template: `${sql}(${RANK_MARK})`, args: [], type: FLOAT, nullable: false }),
    "position",
    traits,
  );
}

const nulls = (bound: BoundArguments): string => (bound.syntax.nullTreatment === "IGNORE" ? " IGNORE NULLS" : "");

/** LAG and LEAD (value, offset, default). */
function shift(name: string, sql: string): FunctionDefinition {
  return define(
    name,
    1,
    3,
    (bound, context) => {
      let value = bound.args[0]!;
      const offset = bound.args[1] ? constantOf(bound, 1) : "1";
      if (offset === null || !/^-?\d+$/.test(offset)) throw typeMismatch(bound);
      const args: BoundExpression[] = [value];
      let text = `${sql}($0, ${offset}`;
      if (bound.args[2]) {
        const type = commonType(value.type, bound.args[2].type);
        if (!type) throw typeMismatch(bound);
        value = castTo(value, type, context.session);
        args.splice(0, 1, value, castTo(bound.args[2], type, context.session));
        text += ", $1";
      }
      return context.aggregate({ name, template: `${text}${nulls(bound)})`, args, type: value.type });
    },
    "position",
    FIRST,
  );
}

function value(name: string, sql: string): FunctionDefinition {
  return define(
    name,
    1,
    1,
    (bound, context) =>
      context.aggregate({ name, template: `${sql}($0${nulls(bound)})`, args: bound.args, type: bound.args[0]!.type }),
    "partition",
    FIRST,
  );
}

export const windowFunctions: readonly FunctionDefinition[] = [
  ranking("ROW_NUMBER", "row_number"),
  ranking("RANK", "rank"),
  ranking("DENSE_RANK", "dense_rank"),
  fraction("PERCENT_RANK", "percent_rank", RANK),
  fraction("CUME_DIST", "cume_dist", { ties: "peers" }),
  define(
    "NTILE",
    1,
    1,
    (bound, context) => {
      const count = constantOf(bound, 0);
      if (count === null || !/^[1-9]\d{0,9}$/.test(count)) throw typeMismatch(bound);
      return context.aggregate({
        name: "NTILE",
        template: `ntile(${count})`,
        wrapper: "CAST($0 AS DECIMAL(38,0))",
        args: [],
        type: NUMBER,
        nullable: false,
      });
    },
    "position",
    FIRST,
  ),
  shift("LAG", "lag"),
  shift("LEAD", "lead"),
  value("FIRST_VALUE", "first_value"),
  value("LAST_VALUE", "last_value"),
  define(
    "NTH_VALUE",
    2,
    2,
    (bound, context) => {
      const at = constantOf(bound, 1);
      if (at === null || !/^[1-9]\d{0,9}$/.test(at)) throw typeMismatch(bound);
      return context.aggregate({
        name: "NTH_VALUE",
        template: `nth_value($0, ${at}${nulls(bound)})`,
        args: [bound.args[0]!],
        type: bound.args[0]!.type,
      });
    },
    "partition",
    FIRST,
  ),
  // A share of the partition's sum; NULL where that is 0. Source: "RATIO_TO_REPORT".
  define(
    "RATIO_TO_REPORT",
    1,
    1,
    (bound, context) => {
      const value = argument(bound, 0, "N", context.session);
      const type = value.type.kind === "NUMBER" ? number(38, value.type.scale) : value.type;
      const sum = context.aggregate({
        name: "SUM",
        template: "sum($0)",
        wrapper: `nullif(CAST($0 AS ${physicalType(type)}), 0)`,
        args: [value],
        type,
      });
      return arithmetic("/", value, sum, context.session);
    },
    "partition",
  ),
  // How often the condition has been true so far. Source: "CONDITIONAL_TRUE_EVENT".
  define(
    "CONDITIONAL_TRUE_EVENT",
    1,
    1,
    (bound, context) =>
      context.aggregate({
        name: "CONDITIONAL_TRUE_EVENT",
        template: "count(CASE WHEN $0 THEN 1 END)",
        wrapper: "CAST($0 AS DECIMAL(38,0))",
        args: [argument(bound, 0, "B", context.session)],
        type: NUMBER,
        nullable: false,
      }),
    "so far",
  ),
  // How often the value has been another than in the row before so far. Source: "CONDITIONAL_CHANGE_EVENT".
  define(
    "CONDITIONAL_CHANGE_EVENT",
    1,
    1,
    (bound, context) => {
      const [value] = bound.args as [BoundExpression];
      const request = { name: "LAG", template: "lag($0)", args: [value], type: value.type };
      const before = context.aggregate({ ...request, frame: "none" });
      return context.aggregate({
        name: "CONDITIONAL_CHANGE_EVENT",
        template: "count(CASE WHEN $0 THEN 1 END)",
        wrapper: "CAST($0 AS DECIMAL(38,0))",
        args: [comparison("<>", value, before, context.session)],
        type: NUMBER,
        nullable: false,
      });
    },
    "so far",
  ),
];
