import { unsupported } from "../../errors";
import type { DataType } from "../../sql/ast/dataType";
import { BINARY } from "../../sql/ast/dataType";
import { call, constantValue } from "../construct";
import type { FunctionDefinition } from "./definition";
import { coerce, scalar, typeMismatch } from "./signature";

const hex = (length: number): DataType => ({ kind: "VARCHAR", length });

/** SHA2 of 256 bits; DuckDB has no other length. Source: "SHA2, SHA2_HEX". */
function sha2(names: readonly string[], binary: boolean): FunctionDefinition {
  return {
    names,
    min: 1,
    max: 2,
    kind: "scalar",
    bind: (bound, context) => {
      const bits = bound.args[1] ? constantValue(bound.args[1]) : "256";
      if (bits !== "256" && bits !== "0") throw unsupported(`${bound.name} of ${bits ?? "?"} bits`);
      const text = coerce(bound.args[0]!, bound.args[0]!.type.kind === "BINARY" ? "X" : "T", context.session);
      if (!text) throw typeMismatch(bound);
      return call(bound.name, binary ? "unhex(sha256($0))" : "sha256($0)", [text], binary ? BINARY : hex(64));
    },
  };
}

/** What is hashed of argument `i`: numbers that are equal hash alike, whatever their scales. Source: "HASH". */
function hashed(type: DataType, i: number): (string | number)[] {
  const whole = ["'n' || CAST(CAST(", i, " AS DECIMAL(38,0)) AS VARCHAR)"];
  switch (type.kind) {
    case "NUMBER":
      return type.scale === 0
        ? whole
        : [`'n' || rtrim(rtrim(CAST(CAST(`, i, ` AS DECIMAL(38,${type.scale})) AS VARCHAR), '0'), '.')`];
    case "FLOAT":
      return [
        "CASE WHEN ",
        i,
        " = trunc(",
        i,
        ") AND abs(",
        i,
        ") < 1e37 THEN ",
        ...whole,
        " ELSE 'n' || CAST(",
        i,
        " AS VARCHAR) END",
      ];
    default:
      return [i];
  }
}

export const hashFunctions: readonly FunctionDefinition[] = [
  scalar(["MD5", "MD5_HEX"], "T", hex(32), "md5($0)"),
  scalar("MD5_BINARY", "T", BINARY, "unhex(md5($0))"),
  scalar(["SHA1", "SHA1_HEX"], "T", hex(40), "sha1($0)"),
  scalar("SHA1_BINARY", "T", BINARY, "unhex(sha1($0))"),
  sha2(["SHA2", "SHA2_HEX"], false),
  sha2(["SHA2_BINARY"], true),
  {
    names: ["HASH"],
    min: 1,
    max: 1000,
    kind: "scalar",
    // Snowflake does not publish the function and promises only that equal values hash alike.
    bind: (bound) =>
      call(
        "HASH",
        [
          "CAST(CAST(hash(",
          ...bound.args.flatMap((arg, i) => [...(i > 0 ? [", "] : []), ...hashed(arg.type, i)]),
          ") AS HUGEINT) - 9223372036854775808 AS DECIMAL(19,0))",
        ],
        bound.args,
        { kind: "NUMBER", precision: 19, scale: 0 },
        false,
      ),
  },
];
