import type { ObjectKind } from "../ast/statements/common";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";

/** The kinds that statements are parsed for. */
export const OBJECT_KINDS: readonly ObjectKind[] = [
  "ACCOUNT",
  "ALERT",
  "APPLICATION",
  "COLUMN",
  "CONSTRAINT",
  "DATABASE",
  "DATABASE ROLE",
  "DYNAMIC TABLE",
  "EVENT TABLE",
  "EXTERNAL TABLE",
  "FILE FORMAT",
  "FUNCTION",
  "ICEBERG TABLE",
  "INTEGRATION",
  "MASKING POLICY",
  "MATERIALIZED VIEW",
  "MODEL",
  "NETWORK POLICY",
  "NOTIFICATION INTEGRATION",
  "PASSWORD POLICY",
  "PIPE",
  "PROCEDURE",
  "RESOURCE MONITOR",
  "ROLE",
  "ROW ACCESS POLICY",
  "SCHEMA",
  "SECRET",
  "SEQUENCE",
  "SESSION POLICY",
  "SHARE",
  "STAGE",
  "STREAM",
  "STREAMLIT",
  "TABLE",
  "TAG",
  "TASK",
  "USER",
  "VIEW",
  "WAREHOUSE",
  "API INTEGRATION",
  "STORAGE INTEGRATION",
  "SECURITY INTEGRATION",
  "EXTERNAL ACCESS INTEGRATION",
  "CATALOG INTEGRATION",
  "HYBRID TABLE",
];

export function plural(kind: string): string {
  if (kind.endsWith("X")) return `${kind}ES`;
  return kind.endsWith("POLICY") || kind.endsWith("REPOSITORY") || kind.endsWith("PROXY")
    ? `${kind.slice(0, -1)}IES`
    : `${kind}S`;
}

/** Words to kind, the longest first. */
interface KindWords<K extends string> {
  readonly words: readonly string[];
  readonly kind: K;
}

export function kindTable<K extends string>(kinds: readonly (readonly [text: string, kind: K])[]): KindWords<K>[] {
  return kinds
    .map(([text, kind]) => ({ words: text.split(" "), kind }))
    .sort((a, b) => b.words.length - a.words.length);
}

const SINGULAR = kindTable(OBJECT_KINDS.map((kind) => [kind, kind] as const));
const PLURAL = kindTable(OBJECT_KINDS.map((kind) => [plural(kind), kind] as const));

/** Takes the words of a kind if they stand here. */
export function acceptKind<K extends string>(cursor: TokenCursor, table: readonly KindWords<K>[]): K | undefined {
  const found = table.find(({ words }) => cursor.is(...words));
  if (found === undefined) return undefined;
  cursor.index += found.words.length;
  return found.kind;
}

/** `TABLE`, `DYNAMIC TABLE`, `FILE FORMAT` ... A kind word before a dot, or at the end, is a name and no kind. */
export function parseObjectKind(cursor: TokenCursor): ObjectKind | undefined {
  const { index } = cursor;
  const kind = acceptKind(cursor, SINGULAR);
  if (kind !== undefined && kind !== "ACCOUNT" && !atName(cursor)) {
    cursor.index = index;
    return undefined;
  }
  return kind;
}

function atName(cursor: TokenCursor): boolean {
  return cursor.kind === TokenKind.Word || cursor.kind === TokenKind.Quoted;
}

/** A kind in its singular, whatever follows it. */
export function acceptObjectKind(cursor: TokenCursor): ObjectKind | undefined {
  return acceptKind(cursor, SINGULAR);
}

/** `TABLES`, `DYNAMIC TABLES`, `MASKING POLICIES` ... as the kind in its singular. */
export function parsePluralKind(cursor: TokenCursor): ObjectKind {
  const kind = acceptKind(cursor, PLURAL);
  if (kind === undefined) throw cursor.unexpected();
  return kind;
}
