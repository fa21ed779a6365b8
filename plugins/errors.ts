/** A failure the user can fix. The message is for people and says where and how; no stack is needed. */
export class EngineError extends Error {
  override readonly name = "EngineError";
}

/** Thrown where the caller's signal ended the search or the build. Nothing half done is left. */
export class EngineAborted extends Error {
  override readonly name = "AbortError";
  constructor() {
    super("Setting up the Pulumi engine was interrupted; the next run goes on from what is there.");
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
