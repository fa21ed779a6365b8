import { unsupported } from "../../errors";
import { TokenKind } from "../lexer/tokens";
import type { TokenCursor } from "./cursor";
import { acceptKind, kindTable, plural } from "./objectKind";

/**
 * Kinds of objects that Snowflake has and the grammar does not know: statements about them are refused by name, where any
 * other word is a syntax error. Source: "All commands (alphabetical)".
 */
export const FOREIGN_KINDS: readonly string[] = [
  "AGENT",
  "AGGREGATION POLICY",
  "APPLICATION PACKAGE",
  "APPLICATION ROLE",
  "APPLICATION SERVICE",
  "ARTIFACT REPOSITORY",
  "AUTHENTICATION POLICY",
  "BACKUP POLICY",
  "BACKUP SET",
  "CODE BUNDLE",
  "COMPUTE POOL",
  "CONNECTION",
  "CONTACT",
  "CORTEX SEARCH SERVICE",
  "DATA CONNECTIVITY PROXY",
  "DATA METRIC FUNCTION",
  "DATA MOVEMENT POLICY",
  "DATA MOVEMENT RULE",
  "DATASET",
  "DBT PROJECT",
  "DCM PROJECT",
  "DYNAMIC ICEBERG TABLE",
  "EVENT ROUTING TABLE",
  "EXPERIMENT",
  "EXTERNAL AGENT",
  "EXTERNAL CONSUMER",
  "EXTERNAL FUNCTION",
  "EXTERNAL VOLUME",
  "FAILOVER GROUP",
  "FEATURE POLICY",
  "GATEWAY",
  "GIT REPOSITORY",
  "IMAGE REPOSITORY",
  "INDEX",
  "INTERACTIVE TABLE",
  "INTERACTIVE WAREHOUSE",
  "JOIN POLICY",
  "LISTING",
  "MAINTENANCE POLICY",
  "MANAGED ACCOUNT",
  "MCP SERVER",
  "MODEL MONITOR",
  "MULTI PARTY APPROVAL POLICY",
  "NETWORK RULE",
  "NOTEBOOK",
  "NOTEBOOK PROJECT",
  "ONLINE FEATURE TABLE",
  "OPENFLOW CONNECTOR",
  "OPENFLOW DATA PLANE INTEGRATION",
  "OPENFLOW DEPLOYMENT",
  "OPENFLOW RUNTIME",
  "ORGANIZATION ACCOUNT",
  "ORGANIZATION LISTING",
  "ORGANIZATION PROFILE",
  "ORGANIZATION USER",
  "ORGANIZATION USER GROUP",
  "PACKAGES POLICY",
  "POSTGRES INSTANCE",
  "PRIVACY POLICY",
  "PROJECTION POLICY",
  "PROVISIONED THROUGHPUT",
  "REPLICATION GROUP",
  "RESTRICTED SESSION SCOPE",
  "SEMANTIC VIEW",
  "SERVICE",
  "SNAPSHOT",
  "SNAPSHOT POLICY",
  "SNAPSHOT SET",
  "STORAGE LIFECYCLE POLICY",
  "TYPE",
  "VERSIONED SCHEMA",
  "WORKSPACE",
];

/** What else SHOW lists. */
const FOREIGN_LISTS: readonly string[] = [
  "AVAILABLE LISTINGS",
  "AVAILABLE OFFERS",
  "AVAILABLE ORGANIZATION PROFILES",
  "CALLER GRANTS",
  "CLASS INSTANCES",
  "CLASSES",
  "CONFIGURATIONS",
  "DATABASES IN FAILOVER GROUP",
  "DATABASES IN REPLICATION GROUP",
  "DELEGATED AUTHORIZATIONS",
  "ENDPOINTS IN SERVICE",
  "ENTITIES IN DCM PROJECT",
  "FILES IN AGENT",
  "GLOBAL ACCOUNTS",
  "IMAGES IN IMAGE REPOSITORY",
  "LISTINGS IN SHARE",
  "MFA METHODS",
  "NODES IN COMPUTE POOL",
  "OBJECTS OWNED BY APPLICATION",
  "OFFERS",
  "OPENFLOW CONNECTOR DEFINITIONS",
  "ORGANIZATION CONTRACTS",
  "PRICING PLANS",
  "PRIVILEGES",
  "REFERENCES",
  "RELEASE CHANNELS",
  "RELEASE DIRECTIVES",
  "ROLES IN SERVICE",
  "RULES IN EVENT ROUTING TABLE",
  "RUN",
  "RUNS IN EXPERIMENT",
  "SEMANTIC DIMENSIONS",
  "SEMANTIC FACTS",
  "SEMANTIC METRICS",
  "SERVICE CONTAINERS IN SERVICE",
  "SERVICE INSTANCES IN SERVICE",
  "SERVICE VOLUMES IN SERVICE",
  "SHARED CONTENT",
  "SHARES IN FAILOVER GROUP",
  "SHARES IN REPLICATION GROUP",
  "SPECIFICATIONS",
  "TELEMETRY EVENT DEFINITIONS",
  "USER KEY PAIRS",
  "USER WORKLOAD IDENTITY AUTHENTICATION METHODS",
  "VERSIONS IN",
];

/** What else EXECUTE runs. */
const FOREIGN_PROGRAMS: readonly string[] = [
  "CODE BUNDLE",
  "DBT PROJECT",
  "DCM PROJECT",
  "DYNAMIC ICEBERG TABLE",
  "EXPERIMENT",
  "INFERENCE JOB SERVICE",
  "JOB SERVICE",
  "NOTEBOOK",
  "NOTEBOOK PROJECT",
  "SERVICE",
];

const table = (names: readonly string[]): ReturnType<typeof kindTable<string>> =>
  kindTable(names.map((name) => [name, name] as const));

const KINDS = table(FOREIGN_KINDS);
const LISTS = table([...FOREIGN_LISTS, ...FOREIGN_KINDS.map(plural)]);
const PROGRAMS = table(FOREIGN_PROGRAMS);

/** Takes the words of such a kind. */
export function acceptForeignKind(cursor: TokenCursor): string | undefined {
  return acceptKind(cursor, KINDS);
}

/** @throws SnowflakeError 000002 where such a kind and a name stand */
export function refuseForeignKind(cursor: TokenCursor, verb: string): void {
  const { index } = cursor;
  const kind = acceptForeignKind(cursor);
  if (kind !== undefined && (cursor.kind === TokenKind.Word || cursor.kind === TokenKind.Quoted)) {
    // `DESCRIBE service` alone, and `ON service TO ROLE r`, name a table.
    if (!cursor.is("TO") && !cursor.is("FROM") && !cursor.is("TYPE")) throw unsupported(`${verb} ${kind}`);
  }
  cursor.index = index;
}

/** Takes the words of what SHOW lists of them. */
export function acceptForeignList(cursor: TokenCursor): string | undefined {
  return acceptKind(cursor, LISTS);
}

/** Takes the words of what EXECUTE runs of them. */
export function acceptForeignProgram(cursor: TokenCursor): string | undefined {
  return acceptKind(cursor, PROGRAMS);
}
