import { emitPlan, type Plan } from "../translate";
import type { StatementContext } from "./context";
import { scanTexts } from "./scans";

/** Thrown where binding needs to know the values of a plan first. */
class ValuesWanted extends Error {
  constructor(readonly plan: Plan) {
    super("the values of a PIVOT are not known yet");
  }
}

/** What a PIVOT with ANY or a subquery asks for while it is bound. */
export type PivotValues = (plan: Plan) => readonly (string | null)[];

/**
 * Binds what may hold a PIVOT whose columns depend on the data: where binding asks for values they are read, and it is
 * bound again. Source: "PIVOT", dynamic pivot.
 */
export async function withPivotValues<T>(
  context: StatementContext,
  bind: (values: PivotValues) => T | Promise<T>,
): Promise<T> {
  const known: (readonly (string | null)[])[] = [];
  for (;;) {
    let next = 0;
    try {
      return await bind((plan) => {
        const values = known[next++];
        if (!values) throw new ValuesWanted(plan);
        return values;
      });
    } catch (error) {
      if (!(error instanceof ValuesWanted)) throw error;
      known.push(await read(error.plan, context));
    }
  }
}

async function read(plan: Plan, context: StatementContext): Promise<readonly (string | null)[]> {
  const { storage } = context.instance;
  return storage.read(context.session.transaction?.storage, context.signal, async (reader) => {
    const scans = await scanTexts(plan, reader, context);
    const values = await reader.texts(emitPlan(plan, { scan: (node) => scans.get(node.scanId)! }));
    return [...new Set(values)];
  });
}
