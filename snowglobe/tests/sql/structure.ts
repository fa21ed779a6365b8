/**
 * A tree without what printing cannot keep: spans, and the user's own words beside an AST of the same (`text` of CREATE
 * statements, of bodies and conditions). Numbers keep their text: it is their value.
 */
export function structure(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(structure);
  if (node === null || typeof node !== "object") return node;
  const fields = Object.entries(node).filter(([name, value]) => {
    if (name === "span") return false;
    return !(name === "text" && typeof value === "string" && (node as { kind?: string }).kind !== "number");
  });
  return Object.fromEntries(fields.map(([name, value]) => [name, structure(value)]));
}
