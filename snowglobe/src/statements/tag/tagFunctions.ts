import { SnowflakeError, unsupported } from "../../errors";
import type { StatementContext } from "../../execution/context";
import { find } from "../../execution/lookup";
import { effectiveTags } from "../../execution/tagging";
import { parseObjectName } from "../../sql";
import { VARCHAR } from "../../sql/ast/dataType";
import type { ArgumentText, ScalarFunction } from "../../translate/environment";
import { taggedObject } from "./taggedObject";
import { literal } from "../../quoting";

function constants(name: string, args: readonly ArgumentText[], count: number): string[] {
  if (args.length !== count) {
    throw new SnowflakeError(
      "000939",
      "22023",
      `SQL compilation error:\nincorrect argument count for function [${name}]: expected ${count}, got ${args.length}`,
    );
  }
  return args.map(({ constant }) => {
    if (typeof constant !== "string") throw unsupported(`${name} of a value that is no constant`);
    return constant;
  });
}

function text(value: string | null | undefined): ScalarFunction {
  const sql = value === null || value === undefined ? "CAST(NULL AS VARCHAR)" : literal(value);
  return { kind: "expression", sql, type: VARCHAR, volatility: "session" };
}

/** The value of a tag on an object or a column, set there or inherited. Source: "SYSTEM$GET_TAG". */
export function getTagFunction(args: readonly ArgumentText[], context: StatementContext): ScalarFunction {
  const [name, object, domain] = constants("SYSTEM$GET_TAG", args, 3);
  const tag = find(context, "TAG", parseObjectName(name!), "SYSTEM$GET_TAG");
  const found = taggedObject(object!, domain!, context);
  return text(effectiveTags(context, found.object, found.column?.tags).find((one) => one.tag.id === tag.id)?.value);
}

/** The values that a tag may have, as a JSON array. Source: "SYSTEM$GET_TAG_ALLOWED_VALUES". */
export function getTagAllowedValuesFunction(args: readonly ArgumentText[], context: StatementContext): ScalarFunction {
  const [name] = constants("SYSTEM$GET_TAG_ALLOWED_VALUES", args, 1);
  const { allowedValues } = find(context, "TAG", parseObjectName(name!), "SYSTEM$GET_TAG_ALLOWED_VALUES");
  return text(allowedValues && JSON.stringify(allowedValues));
}
