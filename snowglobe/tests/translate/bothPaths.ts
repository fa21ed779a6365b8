import type { Harness } from "./harness";

/** An expression over `$1`, `$2` ..., its arguments as SQL, and its value as the drivers' cell or an error code. */
export type FunctionCase = readonly [expression: string, args: readonly string[], expected: string | null];

/**
 * The value of an expression over constants, which the binder may fold, and over columns of a row: an error is told by
 * its code.
 */
async function bothValues(
  harness: Harness,
  [expression, args]: FunctionCase,
): Promise<readonly [string | null, string | null]> {
  const fill = (argument: (i: number) => string): string =>
    expression.replace(/\$(\d)/g, (_, index: string) => argument(Number(index)));
  const constants = `select ${fill((i) => args[i - 1]!)}`;
  const columns = args.map((argument, i) => `${argument} as a${i + 1}`).join(", ");
  const rows = `select ${fill((i) => `a${i}`)} from (select ${columns} from t where a = 1)`;
  return [await valueOrCode(harness, constants), await valueOrCode(harness, rows)];
}

async function valueOrCode(harness: Harness, query: string): Promise<string | null> {
  try {
    return await harness.value(query);
  } catch (error) {
    return `error ${(error as { code?: string }).code ?? String(error)}`;
  }
}

/** One test for each case: both ways have the expected value. */
export function testBothPaths(harness: () => Harness, cases: readonly FunctionCase[]): void {
  it.each(cases)("%s of %j", async (expression, args, expected) => {
    expect(await bothValues(harness(), [expression, args, expected])).toEqual([expected, expected]);
  });
}
