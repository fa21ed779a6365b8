/** A syntax node of any kind. */
type AnyNode = Readonly<Record<string, unknown>>;

/** A node and all nodes below it. */
export function* nodesOf(root: object): Generator<AnyNode> {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const at = open.pop();
    if (typeof at !== "object" || at === null) continue;
    if (!Array.isArray(at)) yield at as AnyNode;
    open.push(...(Object.values(at) as unknown[]));
  }
}
