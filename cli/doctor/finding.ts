/** `ok`: fine. `warn`: works, or `up` sees to it, but worth knowing. `fail`: `up` would fail. */
export type FindingStatus = "ok" | "warn" | "fail";

/** What a check found. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly status: FindingStatus;
  readonly detail: string;
  /** What to do about it, as a command or statement where there is one. */
  readonly fix?: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, status: "ok", detail });
export const warn = (check: string, detail: string, fix?: string): Finding => finding("warn", check, detail, fix);
export const fail = (check: string, detail: string, fix?: string): Finding => finding("fail", check, detail, fix);

function finding(status: FindingStatus, check: string, detail: string, fix: string | undefined): Finding {
  return { check, status, detail, ...(fix ? { fix } : {}) };
}
