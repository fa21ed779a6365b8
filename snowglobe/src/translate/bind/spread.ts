import { unsupported } from "../../errors";
import type { Expression, FunctionCall } from "../../sql/ast/expression";
import type { BindEnvironment } from "../environment";
import { readJson } from "../variant/readJson";

/**
 * A list of expressions with each `** :array` replaced by the array's elements, which are VARIANTs. Source: "Expansion
 * operators".
 *
 * @throws SnowflakeError for an array that is no literal and no bind variable
 */
export function expanded(list: readonly Expression[], { binds }: BindEnvironment): readonly Expression[] {
  if (!list.some(({ kind }) => kind === "spread")) return list;
  return list.flatMap((one): readonly Expression[] => {
    if (one.kind !== "spread") return [one];
    const { operand, span } = one;
    const bound =
      operand.kind !== "bind"
        ? undefined
        : operand.name === undefined
          ? binds.positional[(operand.index ?? 1) - 1]
          : binds.named.get(operand.name);
    if (bound?.type.kind !== "ARRAY" || bound.value === null)
      throw unsupported("** of anything but an array that is known");
    const { length } = JSON.parse(readJson(bound.value)!) as unknown[];
    if (length === 0) throw unsupported("** of an empty array");
    const name = [{ name: "GET", quoted: false, span }];
    return Array.from({ length }, (_, index): FunctionCall => {
      const at: Expression = { kind: "number", text: String(index), span };
      return { kind: "call", name, args: [operand, at], namedArgs: [], distinct: false, span };
    });
  });
}
