/** The words of a syntax node's name, for refusals: `createTask` -> `CREATE TASK`. */
export function featureName(kind: string): string {
  return kind.replaceAll(/([A-Z])/g, " $1").toUpperCase();
}
