import { readFileSync } from "node:fs";
import { join } from "node:path";
import { splitStatements } from "../../src/sql";

/** The statements of a file beside this one. */
export function corpus(file: string): string[] {
  return splitStatements(readFileSync(join(__dirname, file), "utf8")).map((statement) => statement.text);
}
