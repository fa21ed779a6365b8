import type { Sequence } from "../../catalog/objects";
import { commentClause, type DdlWriter } from "../../execution/ddl";
import { orderWord } from "../table/tableDdl";

/** CREATE SEQUENCE; one that is made again begins at its start. Source: "GET_DDL". */
export const sequenceDdl: DdlWriter<Sequence> = (sequence, name) => {
  const { start, increment, ordered } = sequence;
  const comment = commentClause(sequence);
  const numbers = `start with ${start} increment by ${increment} ${orderWord(ordered)}`;
  return `create or replace sequence ${name} ${numbers}${comment ? ` ${comment}` : ""};`;
};
