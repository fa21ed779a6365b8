import type { Sequence } from "../../catalog/objects";
import type { Handler, StatementContext } from "../../execution/context";
import { listing, roleType } from "../../execution/listing";
import { find } from "../../execution/lookup";
import { INTEGER, rows, TEXT, TIMESTAMP, type Cell, type ColumnSpec } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import type { StatementOf } from "../../sql/ast/statement";

const COLUMNS: readonly ColumnSpec[] = [
  ["name", TEXT],
  ["database_name", TEXT],
  ["schema_name", TEXT],
  ["next_value", INTEGER],
  ["interval", INTEGER],
  ["created_on", TIMESTAMP],
  ["owner", TEXT],
  ["comment", TEXT],
  ["owner_role_type", TEXT],
  ["ordered", TEXT],
];

type NextValues = ReadonlyMap<number, string>;

/**
 * What each sequence will give next. To know it a number is spent: which one was given last is not kept over a restart,
 * and gaps are allowed.
 */
function nextValues(sequences: readonly Sequence[], context: StatementContext): Promise<NextValues> {
  const { storage } = context.instance;
  return storage
    .write(undefined, { tables: [], signal: context.signal }, async (writer) => {
      const found = new Map<number, string>();
      for (const { id, sequenceId, increment } of sequences) {
        found.set(id, String((await writer.nextValue(sequenceId)) + BigInt(increment)));
      }
      return found;
    })
    .then(({ value }) => value);
}

function row(sequence: Sequence, context: StatementContext, next: NextValues): Cell[] {
  const [database, schema] = context.instance.catalog.pathOf(sequence);
  return [
    sequence.name,
    database,
    schema,
    next.get(sequence.id),
    sequence.increment,
    sequence.createdOn,
    sequence.owner,
    sequence.comment,
    roleType(sequence),
    sequence.ordered ? "Y" : "N",
  ];
}

/** Source: "SHOW SEQUENCES". */
export const showSequences = listing("SEQUENCE", COLUMNS, row, nextValues);

/** Source: "DESCRIBE SEQUENCE". */
export const describeSequence: Handler<StatementOf<"describe">> = async (statement, context) => {
  const sequence = find(context, "SEQUENCE", statement.name, "DESCRIBE SEQUENCE");
  return rows(COLUMNS, [row(sequence, context, await nextValues([sequence], context))], StatementType.DESCRIBE);
};
