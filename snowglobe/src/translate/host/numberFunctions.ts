import type { HostFunction } from "../../storage";
import { zipf } from "../generation/zipf";
import { readNumber } from "../numberFormat/readNumber";
import { writeNumber } from "../numberFormat/writeNumber";

export const numberFunctions: readonly HostFunction[] = [
  { name: "host_write_number", parameters: 2, call: writeNumber },
  { name: "host_read_number", parameters: 2, call: (text, format) => readNumber(text, format) ?? null },
  { name: "host_zipf", parameters: 3, call: (s, n, at) => String(zipf(Number(s), Number(n), Number(at))) },
];
