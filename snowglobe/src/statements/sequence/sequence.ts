import type { Sequence } from "../../catalog/objects";
import { alreadyExists, compilationError, unsupported } from "../../errors";
import { requireOwnership } from "../../execution/authorize";
import type { Handler } from "../../execution/context";
import { planCreate, register } from "../../execution/create";
import { find, place, tryFind } from "../../execution/lookup";
import { status, succeeded } from "../../execution/outcome";
import { Properties } from "../../execution/properties";
import type { StatementOf } from "../../sql/ast/statement";
import { quoteIfNeeded } from "../../quoting";

/** Source: "CREATE SEQUENCE". */
export const createSequence: Handler<StatementOf<"createSequence">> = async (statement, context) => {
  if (statement.increment === 0) throw compilationError("Sequence increment must not be 0.", "001076", "22023");
  const comment = statement.comment ?? "";
  const plan = planCreate(context, "SEQUENCE", statement.name, statement, { comment });
  if (plan.kind === "exists") return status(`${quoteIfNeeded(plan.name)} already exists, statement succeeded.`);
  const sequence: Sequence = {
    ...plan.base,
    sequenceId: context.instance.ids.next(),
    start: statement.start,
    increment: statement.increment,
    ordered: statement.ordered ?? false,
  };
  await context.instance.change({ signal: context.signal }, async (writer, begin) => {
    await writer.createSequence(sequence.sequenceId, BigInt(sequence.start), sequence.increment);
    register(context, await begin(), sequence, plan.replaced);
  });
  return status(`Sequence ${quoteIfNeeded(sequence.name)} successfully created.`);
};

/** Source: "ALTER SEQUENCE". */
export const alterSequence: Handler<StatementOf<"alterSequence">> = async (statement, context) => {
  const found = tryFind(context, "SEQUENCE", statement.name, "ALTER SEQUENCE");
  if (!found && statement.ifExists) return succeeded();
  const sequence = found ?? find(context, "SEQUENCE", statement.name, "ALTER SEQUENCE");
  requireOwnership(context, sequence);
  const { action } = statement;
  await context.instance.change({ signal: context.signal }, async (writer, begin) => {
    let changed: Sequence;
    switch (action.action) {
      case "setIncrement": {
        if (action.increment === 0) throw compilationError("Sequence increment must not be 0.", "001076", "22023");
        // A generator's step is fixed: another goes on where this one stands.
        const sequenceId = context.instance.ids.next();
        await writer.createSequence(sequenceId, await writer.nextValue(sequence.sequenceId), action.increment);
        changed = { ...sequence, sequenceId, increment: action.increment };
        break;
      }
      case "setOrder":
        changed = { ...sequence, ordered: action.ordered };
        break;
      case "renameTo": {
        const at = place(context, action.name, "ALTER SEQUENCE");
        if (context.instance.catalog.find("SEQUENCE", at.schema.id, at.name))
          throw alreadyExists(quoteIfNeeded(at.name));
        changed = { ...sequence, parentId: at.schema.id, name: at.name };
        break;
      }
      case "set": {
        const properties = new Properties(action.properties, context);
        changed = { ...sequence, comment: properties.text("COMMENT") ?? sequence.comment };
        properties.done();
        break;
      }
      case "unset":
        if (action.names.some((name) => name !== "COMMENT")) throw unsupported("ALTER SEQUENCE UNSET of this");
        changed = { ...sequence, comment: "" };
        break;
    }
    (await begin()).put(changed);
  });
  return succeeded();
};
