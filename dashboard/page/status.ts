import type { Envelope } from "../snapshot";
import { announce } from "./announcer";
import { byId, setAttribute, setText } from "./dom";
import { formatAgo, formatClock } from "./format";
import type { SnapshotStream } from "./stream";

/** How the page stands: in a word, with what to do where something is wrong. */
interface Status {
  readonly state: "live" | "connecting" | "lost" | "paused";
  readonly word: string;
  readonly problem?: string;
}

/** Where snapshots come from, whatever they hold. */
type Listening = Pick<SnapshotStream<Envelope>, "state" | "lastHeard">;

/** What any snapshot tells of itself. */
type Told = Envelope & { readonly now?: string };

/** Shows how fresh the page is; to be called every second and after each snapshot. */
export function showStatus(stream: Listening, snapshot: Told | undefined): void {
  const { state, word, problem } = statusOf(stream, snapshot);
  const status = byId("status");
  const before = status.dataset.state;
  if (before !== state && (state === "lost" || before === "lost")) announce(problem ?? "The connection is back.");
  setAttribute(status, "data-state", state);
  setText(status, word);
  const bar = byId("problem");
  bar.hidden = problem === undefined;
  setText(bar, problem ?? "");
  document.body.classList.toggle("is-stale", state === "lost");
}

function statusOf(stream: Listening, snapshot: Told | undefined): Status {
  const now = new Date().toISOString();
  const heard = stream.lastHeard === undefined ? undefined : new Date(stream.lastHeard).toISOString();
  switch (stream.state()) {
    case "forbidden":
      return {
        state: "lost",
        word: "No access",
        problem: "This browser has no access any more: open the address that ./workshop dashboard prints.",
      };
    case "silent":
      return {
        state: "lost",
        word: "Connection lost",
        problem: heard
          ? `Connection to the dashboard lost since ${formatClock(heard)} (${formatAgo(heard, now)}). ` +
            "Trying again; is ./workshop dashboard still running?"
          : "The dashboard does not answer. Trying again; is ./workshop dashboard still running?",
      };
    case "connecting":
      return { state: "connecting", word: "Connecting" };
    case "paused":
      return { state: "paused", word: "Paused" };
    case "live":
  }
  const { connection } = snapshot!;
  if (connection.state === "connecting") return { state: "connecting", word: "Connecting to Snowflake" };
  if (connection.state === "connected") return { state: "live", word: `Live, updated ${formatAgo(heard!, now)}` };
  const asOf = snapshot?.now ? ` What you see is as of ${formatClock(snapshot.now)}.` : "";
  return {
    state: "lost",
    word: "Connection lost",
    problem:
      `Connection to Snowflake lost since ${formatClock(connection.since)} (${formatAgo(connection.since, now)}): ` +
      `${(connection.message ?? "no reason given").replace(/[.\s]+$/, "")}. Trying again.${asOf}`,
  };
}
