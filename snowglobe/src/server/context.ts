import type { SnowglobeEngine } from "../session/contract";
import type { GrantSigner } from "./grant";
import type { ServerLimits, ServerLogger } from "./options";
import type { SessionStore } from "./sessions";
import type { StageFolder } from "./stage/stageFolder";
import type { StatementStore } from "./statements";

/** What routes share. */
export interface ServerContext {
  readonly engine: SnowglobeEngine;
  readonly limits: ServerLimits;
  readonly logger: ServerLogger;
  readonly sessions: SessionStore;
  readonly statements: StatementStore;
  readonly grants: GrantSigner;
  readonly stageFiles: StageFolder;
  /** This server's own version. */
  readonly version: string;
}
