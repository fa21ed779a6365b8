import type { DataType } from "../sql/ast/dataType";
import { literalFromBind, type TypedValue } from "../translate";

/** A cell of a result, in the wire's encoding, as a value that statements can be given. */
export function valueFromWire(type: DataType, cell: string | null): TypedValue {
  if (cell === null) return { type, value: null };
  switch (type.kind) {
    case "BOOLEAN":
      return { type, value: String(cell === "1") };
    case "DATE":
      return { type, value: literalFromBind("DATE", String(BigInt(cell) * 86_400_000n)).value };
    case "TIME":
    case "TIMESTAMP_NTZ":
    case "TIMESTAMP_LTZ":
      return { type, value: literalFromBind(type.kind, String(nanoseconds(cell))).value };
    case "TIMESTAMP_TZ": {
      const [seconds, offset] = cell.split(" ");
      return { type, value: literalFromBind(type.kind, `${nanoseconds(seconds!)} ${offset}`).value };
    }
    default:
      return { type, value: cell };
  }
}

/** `-12.5` seconds as nanoseconds. */
function nanoseconds(seconds: string): bigint {
  const [whole, fraction = ""] = seconds.replace("-", "").split(".");
  const value = BigInt(whole!) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0").slice(0, 9));
  return seconds.startsWith("-") ? -value : value;
}
