import type { FunctionCall } from "./expression";

/** Whether a function is called, by its upper-case name, anywhere below a node. */
export function callsFunction(root: unknown, name: string): boolean {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const at = pending.pop();
    if (typeof at !== "object" || at === null) continue;
    if (isCall(at) && at.name.map((part) => part.name).join(".") === name) return true;
    pending.push(...(Object.values(at) as unknown[]));
  }
  return false;
}

function isCall(node: object): node is FunctionCall {
  return (node as { readonly kind?: unknown }).kind === "call";
}
