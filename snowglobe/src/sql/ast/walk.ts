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

/** Visits a node and all below it, but nothing of a subquery: that has tables and clauses of its own. */
export function visitOwnNodes(root: unknown, visit: (node: { readonly kind: string }) => void): void {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const at = pending.pop();
    if (typeof at !== "object" || at === null) continue;
    const { kind } = at as { readonly kind?: unknown };
    if (kind === "query") continue;
    if (typeof kind === "string") visit(at as { readonly kind: string });
    pending.push(...(Object.values(at) as unknown[]).reverse());
  }
}
