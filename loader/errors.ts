/**
 * A mistake that the person who runs the load can mend. Its message is one line: what, where, how to mend. The command
 * line prints it without a stack.
 */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/** A source that cannot be reached, read or understood. Nothing was loaded. */
export class SourceError extends LoadError {}
