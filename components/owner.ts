/**
 * The owner among what a query shows of an object, where the stack decides who it is.
 *
 * @param role left out where whoever deploys owns what is made
 * @returns columns to ask for, and what they hold
 */
export function ownedBy(role: string | undefined): {
  readonly columns: readonly string[];
  readonly values: Readonly<Record<string, string>>;
} {
  return role === undefined ? { columns: [], values: {} } : { columns: ["owner"], values: { owner: role } };
}
