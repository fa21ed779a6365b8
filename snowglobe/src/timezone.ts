/** Whether a name is one of the time zone database, as the TIMEZONE parameter takes it. */
export function isTimezone(name: string): boolean {
  // Newer versions of Node.js take offsets, too.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
