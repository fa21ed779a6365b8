import { SnowflakeError } from "../../errors";

/** A BINARY as its bits: hexadecimal text as a number, and how many bits it has. */
const bitsOf = (hex: string): bigint => BigInt(`0x${hex || "0"}`);
const hexOf = (bits: bigint, digits: number): string => (digits === 0 ? "" : bits.toString(16).padStart(digits, "0"));

/**
 * Two BINARYs bit by bit; the shorter one is padded with zeros on one side.
 *
 * @throws SnowflakeError 100544 where the lengths differ and no side is given
 *
 * Source: "BITAND", "BITOR", "BITXOR", "BITNOT".
 */
export function bitwise(operator: string, left: string, right: string, side: string): string {
  const digits = Math.max(left.length, right.length);
  if (operator === "BITNOT") return hexOf(bitsOf("F".repeat(digits)) ^ bitsOf(left), digits);
  if (left.length !== right.length && side === "") {
    const lengths = `first length ${left.length / 2}, second length ${right.length / 2}`;
    throw new SnowflakeError("100544", "22026", `The lengths of two variable-sized fields do not match: ${lengths}`);
  }
  const [a, b] = [left, right].map((hex) => bitsOf(side === "RIGHT" ? hex.padEnd(digits, "0") : hex)) as [
    bigint,
    bigint,
  ];
  return hexOf(operator === "BITAND" ? a & b : operator === "BITOR" ? a | b : a ^ b, digits);
}

/** Bits that leave the value are gone. Source: "BITSHIFTLEFT", "BITSHIFTRIGHT". */
export function shifted(direction: string, hex: string, places: number): string {
  const width = BigInt(hex.length * 4);
  if (places < 0) {
    throw new SnowflakeError("100046", "22003", "Value out of range: the number of bits to shift by is negative");
  }
  if (BigInt(places) >= width) return hexOf(0n, hex.length);
  const bits = bitsOf(hex);
  return hexOf(
    direction === "right" ? bits >> BigInt(places) : BigInt.asUintN(Number(width), bits << BigInt(places)),
    hex.length,
  );
}

/** Source: "BITMAP_COUNT". */
export function bitCount(hex: string): number {
  let count = 0;
  for (const byte of Buffer.from(hex, "hex")) for (let rest = byte; rest > 0; rest &= rest - 1) count += 1;
  return count;
}

/** Bytes of a whole bitmap. */
const BITMAP_BYTES = 4_096;

/** A bitmap with bits set. @param positions parted by commas. Source: "BITMAP_CONSTRUCT_AGG" */
export function bitmap(positions: string): string {
  const bytes = Buffer.alloc(BITMAP_BYTES);
  for (const text of positions.split(",")) {
    const position = Number(text);
    if (!(position >= 0 && position < BITMAP_BYTES * 8)) {
      throw new SnowflakeError("100046", "22003", `Value out of range: ${text} is no position in a bitmap`);
    }
    bytes[position >> 3]! |= 1 << (position & 7);
  }
  return bytes.toString("hex");
}

/** The bits of several bitmaps. @param bitmaps in hexadecimal, parted by commas. Source: "BITMAP_OR_AGG" */
export function bitmapOr(bitmaps: string): string {
  const made = Buffer.alloc(BITMAP_BYTES);
  for (const hex of bitmaps.split(",")) Buffer.from(hex, "hex").forEach((byte, at) => (made[at]! |= byte));
  return made.toString("hex");
}
