import type { Statement } from "./ast/statement";

/** The highest place of a `?` or `:n` in a statement; 0 where it has none. */
export function highestBind(statement: Statement): number {
  let highest = 0;
  // Chains may be thousands of nodes deep: a list instead of the call stack.
  const open: unknown[] = [statement];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== "object" || part === null) continue;
    if ("kind" in part && part.kind === "bind" && "index" in part) highest = Math.max(highest, Number(part.index));
    for (const value of Object.values(part)) if (typeof value === "object") open.push(value);
  }
  return highest;
}
