import { compilationError, unsupported } from "../errors";
import type { ArgumentText } from "../translate/environment";
import type { StatementContext } from "./context";
import { instantSql } from "./instantSql";

/** Arguments of a table function by their names. */
export type NamedArguments = ReadonlyMap<string, ArgumentText>;

/** Arguments of a table function by name; positional ones in the order of `names`. */
export function namedArguments(args: readonly ArgumentText[], names: readonly string[]): NamedArguments {
  const found = new Map<string, ArgumentText>();
  args.forEach((arg, index) => {
    const name = arg.name ?? names[index];
    if (!name || !names.includes(name)) throw compilationError(`invalid argument '${name ?? index + 1}'`);
    if (arg.constant !== null) found.set(name, arg);
  });
  return found;
}

/** The value of an argument that must be a constant. */
export function constantArgument(given: NamedArguments, name: string): string | undefined {
  const arg = given.get(name);
  if (!arg) return undefined;
  if (arg.constant === undefined) throw unsupported(`${name} => anything but a constant`);
  return arg.constant ?? undefined;
}

/** An argument of any time type as DuckDB text of type TIMESTAMPTZ. */
export function instantArgument(given: NamedArguments, name: string, context: StatementContext): string | undefined {
  const arg = given.get(name);
  return arg && instantSql(arg.sql, arg.type, context);
}

/** @param at microseconds since 1970 */
export function literalTime(at: number): string {
  return `make_timestamp(${Math.floor(at)}) AT TIME ZONE 'UTC'`;
}
