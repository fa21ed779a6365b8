/**
 * A mistake that the person who runs the load can fix. Its message is one line: what, where, how to fix. The command
 * line prints it without a stack.
 */
export class LoadError extends Error {
  override readonly name = "LoadError";
}

/** A source that cannot be reached, read or understood. Nothing was loaded. */
export class SourceError extends LoadError {}

/** Characters of a bad value that a message shows. */
const SHOWN = 40;

/** A value as a message shows it: one line, not too long. */
export function shown(text: string): string {
  const flat = text.replaceAll(/\s+/g, " ");
  return flat.length > SHOWN ? `${flat.slice(0, SHOWN)}...` : flat;
}
