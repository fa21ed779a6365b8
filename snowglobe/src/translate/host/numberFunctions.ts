import type { HostFunction } from "../../storage";
import { readNumber } from "../numberFormat/readNumber";
import { writeNumber } from "../numberFormat/writeNumber";

export const numberFunctions: readonly HostFunction[] = [
  { name: "host_write_number", parameters: 2, call: writeNumber },
  { name: "host_read_number", parameters: 2, call: (text, format) => readNumber(text, format) ?? null },
];
