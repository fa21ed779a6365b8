import type { Sequence } from "../../catalog/objects";
import type { Handler, StatementContext } from "../../execution/context";
import { preparedListing } from "../../execution/listing";
import { find } from "../../execution/lookup";
import { INTEGER, TEXT } from "../../execution/outcome";
import { StatementType } from "../../account/statementType";
import type { StatementOf } from "../../sql/ast/statement";
import {
  type ShownColumn,
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  CREATED_ON,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
  flag,
  shown,
} from "../../execution/shownColumn";

type Listed = Sequence & { readonly next: bigint };

const COLUMNS: readonly ShownColumn<Listed>[] = [
  NAME,
  DATABASE_NAME,
  SCHEMA_NAME,
  ["next_value", INTEGER, (sequence) => String(sequence.next)],
  ["interval", INTEGER, (sequence) => sequence.increment],
  CREATED_ON,
  OWNER,
  COMMENT,
  OWNER_ROLE_TYPE,
  ["ordered", TEXT, (sequence) => flag(sequence.ordered)],
];

/**
 * What each sequence will give next. To know it of one that was used a number is spent: which one was given last is not
 * kept over a restart, and gaps are allowed.
 */
async function withNextValues(sequences: readonly Sequence[], context: StatementContext): Promise<Listed[]> {
  const { value } = await context.instance.storage.write(
    undefined,
    { tables: [], signal: context.signal },
    async (writer) => {
      const found: Listed[] = [];
      for (const one of sequences) {
        const first = await writer.firstValue(one.sequenceId);
        const next = first ?? (await writer.nextValue(one.sequenceId)) + BigInt(one.increment);
        found.push({ ...one, next });
      }
      return found;
    },
  );
  return value;
}

/** Source: "SHOW SEQUENCES". */
export const showSequences = preparedListing("SEQUENCE", COLUMNS, withNextValues);

/** Source: "DESCRIBE SEQUENCE". */
export const describeSequence: Handler<StatementOf<"describe">> = async (statement, context) => {
  const sequence = find(context, "SEQUENCE", statement.name, "DESCRIBE SEQUENCE");
  return shown(COLUMNS, await withNextValues([sequence], context), context, StatementType.DESCRIBE);
};
