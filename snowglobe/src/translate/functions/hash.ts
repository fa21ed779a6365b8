import type { DataType } from "../../sql/ast/dataType";
import { BINARY } from "../../sql/ast/dataType";
import type { BoundExpression } from "../boundExpression";
import { call, nullLiteral } from "../construct";
import type { SessionContext } from "../environment";
import { number } from "../types/numeric";
import type { BoundArguments, FunctionDefinition } from "./definition";
import { argument, constantOf, define, typeMismatch } from "./signature";

const hex = (length: number): DataType => ({ kind: "VARCHAR", length });

/** A digest of a text's or BINARY's bytes: hexadecimal, or as BINARY. */
function digest(names: readonly string[], length: number, sql: string, binary = false): FunctionDefinition {
  return define(names, 1, 1, (bound, context) => {
    const text = bytesOf(bound, context.session);
    return call(bound.name, binary ? `unhex(${sql})` : sql, [text], binary ? BINARY : hex(length));
  });
}

function bytesOf(bound: BoundArguments, session: SessionContext): BoundExpression {
  return argument(bound, 0, bound.args[0]!.type.kind === "BINARY" ? "X" : "T", session);
}

/** Bits of the digests of SHA2; 0 means 256. */
const SHA2_BITS = ["224", "256", "384", "512"];

/** DuckDB has 256 bits only, the others are the host's. Source: "SHA2, SHA2_HEX", "SHA2_BINARY". */
function sha2(names: readonly string[], binary: boolean): FunctionDefinition {
  return define(names, 1, 2, (bound, context) => {
    const given = bound.args[1] ? constantOf(bound, 1) : "256";
    if (given === null) return nullLiteral(binary ? BINARY : hex(64));
    const bits = given === "0" ? "256" : given;
    if (!SHA2_BITS.includes(bits)) throw typeMismatch(bound);
    const value = bytesOf(bound, context.session);
    const bytes = value.type.kind === "BINARY" ? "$0" : "encode($0)";
    const sql = bits === "256" ? "sha256($0)" : `host_sha2(hex(${bytes}), '${bits}')`;
    return call(bound.name, binary ? `unhex(${sql})` : sql, [value], binary ? BINARY : hex(Number(bits) / 4));
  });
}

/** Half of MD5's 128 bits as a number. Source: "MD5_NUMBER_LOWER64", "MD5_NUMBER_UPPER64". */
function md5Half(name: string, from: number): FunctionDefinition {
  return define(name, 1, 1, (bound, context) =>
    call(
      name,
      `CAST(('0x' || substr(md5($0), ${from}, 16))::UBIGINT AS DECIMAL(38,0))`,
      [bytesOf(bound, context.session)],
      number(38, 0),
    ),
  );
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
  digest(["MD5", "MD5_HEX"], 32, "md5($0)"),
  digest(["MD5_BINARY"], 16, "md5($0)", true),
  md5Half("MD5_NUMBER_UPPER64", 1),
  md5Half("MD5_NUMBER_LOWER64", 17),
  digest(["SHA1", "SHA1_HEX"], 40, "sha1($0)"),
  digest(["SHA1_BINARY"], 20, "sha1($0)", true),
  sha2(["SHA2", "SHA2_HEX"], false),
  sha2(["SHA2_BINARY"], true),
  {
    names: ["HASH"],
    min: 1,
    max: 1000,
    kind: "scalar",
    // Snowflake does not publish the function and promises only that equal values hash alike.
    bind: (bound) => {
      const sql = ["CAST(CAST(", ...hashSql(bound.args), " AS HUGEINT) - 9223372036854775808 AS DECIMAL(19,0))"];
      return call("HASH", sql, bound.args, number(19, 0), false);
    },
  },
  {
    names: ["HASH_AGG"],
    min: 1,
    max: 1000,
    kind: "aggregate",
    // Over the rows in any order, and of equal rows as many as there are.
    bind: (bound, context) => {
      return context.aggregate({
        name: "HASH_AGG",
        template: [`sum(${bound.distinct ? "DISTINCT " : ""}CAST(`, ...hashSql(bound.args), " AS HUGEINT))"],
        wrapper:
          "CAST((coalesce($0, 0) + 9223372036854775808) % 18446744073709551616 - 9223372036854775808 AS DECIMAL(19,0))",
        args: bound.args,
        type: number(19, 0),
        nullable: false,
      });
    },
  },
];

/** One hash of several values. */
function hashSql(args: readonly BoundExpression[]): (string | number)[] {
  return ["hash(", ...args.flatMap((arg, i) => [...(i > 0 ? [", "] : []), ...hashed(arg.type, i)]), ")"];
}
