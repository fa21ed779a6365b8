import { DAMAGE, REFRESHING } from "../../components/damageWords";
import type { Context } from "../context";
import { messageOf } from "../errors";

/**
 * Runs an operation; where the program finds that a database, schema, warehouse or role of the stack's is gone, it says so
 * and runs it once more with a refresh before, which finds all that went with it.
 */
export async function despiteDamage<T>(
  { terminal }: Context,
  operation: (options: { readonly refresh: boolean }) => Promise<T>,
): Promise<T> {
  try {
    return await operation({ refresh: false });
  } catch (error) {
    const [, lost] = new RegExp(`${DAMAGE}: (.*?)\\. Run `).exec(messageOf(error)) ?? [];
    if (lost === undefined) throw error;
    terminal.say(`${lost} ${lost.includes(", ") ? "were" : "was"} ${DAMAGE}: the state is refreshed first.`);
  }
  // The program runs in this process.
  process.env[REFRESHING] = "1";
  try {
    return await operation({ refresh: true });
  } finally {
    process.env[REFRESHING] = "";
  }
}
