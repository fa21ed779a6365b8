import type { HostFunction } from "../../storage";
import { bitCount, bitmap, bitmapOr, bitwise, shifted } from "../binary/bits";

/** Functions of bits; BINARYs are in hexadecimal. */
export const binaryFunctions: readonly HostFunction[] = [
  { name: "host_bits", parameters: 4, call: bitwise },
  { name: "host_bit_shift", parameters: 3, call: (direction, hex, places) => shifted(direction, hex, Number(places)) },
  { name: "host_bit_count", parameters: 1, call: (hex) => String(bitCount(hex)) },
  { name: "host_bitmap", parameters: 1, call: bitmap },
  { name: "host_bitmap_or", parameters: 1, call: bitmapOr },
];
