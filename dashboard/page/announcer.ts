import type { Snapshot } from "../snapshot";
import { byId } from "./dom";
import { countOf } from "./format";

/** What a listener hears of: not every poll, but what changes the picture. */
interface Heard {
  readonly standard?: string;
  readonly dynamic?: string;
  readonly failures?: string;
  readonly mails?: string;
}

/** Says a line to screen readers as soon as they are free. */
export function announce(line: string): void {
  byId("announcements").textContent = line;
}

/** Tells screen readers, in a polite live region, what has changed between two snapshots. */
export class Announcer {
  private before: Heard | undefined;

  hear(snapshot: Snapshot): void {
    const now = heardIn(snapshot);
    const { before } = this;
    this.before = now;
    if (!before) return;
    const news = Object.entries(now).flatMap(([what, text]) =>
      text !== undefined && before[what as keyof Heard] !== text ? [text as string] : [],
    );
    if (news.length > 0) announce(`${news.join(". ")}.`);
  }
}

function heardIn({ standard, dynamic, failures, mails }: Snapshot): Heard {
  const loans = (states: readonly { loans: number }[]): string =>
    `${countOf(states.length, "state")}, ${countOf(
      states.reduce((sum, state) => sum + state.loans, 0),
      "loan",
    )}`;
  const failing = failures.data?.reduce((sum, test) => sum + test.failures, 0);
  return {
    ...(standard.data ? { standard: `Standard table: ${loans(standard.data.states)}` } : {}),
    ...(dynamic.data ? { dynamic: `Dynamic table: ${loans(dynamic.data.states)}` } : {}),
    ...(failing === undefined ? {} : { failures: `Data tests: ${countOf(failing, "failure")}` }),
    ...(mails.data ? { mails: `${countOf(mails.data.length, "mail")} sent` } : {}),
  };
}
