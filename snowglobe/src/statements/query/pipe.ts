import type { StatementOf } from "../../sql/ast/statement";
import type { Handler } from "../../execution/context";
import type { Outcome } from "../../execution/outcome";
import type { StatementResult } from "../../account/result";

/** `a ->> b ->> c`: each statement may read the results of those before it as `$1`, `$2` ... Source: "Flow operators". */
export const pipe: Handler<StatementOf<"pipe">> = async (statement, context) => {
  const results: StatementResult[] = [];
  let outcome: Outcome | undefined;
  for (const one of statement.statements) {
    outcome = await context.run(one, context.text, { pipe: results });
    results.unshift({ ...outcome, queryId: context.queryId, numberOfBinds: 0 });
  }
  return outcome!;
};
