import type { Section, Snapshot } from "../../snapshot";
import { element, setAttribute, setText } from "../dom";
import { formatAgo, formatClock, formatFull } from "../format";

/** A part of the page. */
export interface View {
  show(snapshot: Snapshot): void;
  /** Called when the theme has changed. */
  recolor?(): void;
}

/** The line of a section that could not be read; hidden while all is well. */
export class SectionError {
  readonly line = element("p", { class: "section-error", hidden: true });

  show({ error, data, readAt }: Section<unknown>): void {
    this.line.hidden = error === undefined;
    const asOf = data !== undefined && readAt ? ` Shown as of ${formatClock(readAt)}.` : "";
    setText(this.line, error === undefined ? "" : `${error}${/[.!?]$/.test(error) ? "" : "."}${asOf}`);
  }
}

/** Shows a time in a `time` element: absolute, with how long ago it was. */
export function showTime(target: HTMLTimeElement, time: string | undefined, now: string | undefined): void {
  if (!time) return setText(target, "");
  setAttribute(target, "datetime", time);
  setAttribute(target, "title", formatFull(time));
  setText(target, now ? `${formatClock(time)} · ${formatAgo(time, now)}` : formatClock(time));
}

/** The colour class of a state of a run, a refresh or a mail. */
function toneOf(state: string): string {
  if (/FAIL|CANCEL/.test(state)) return "bad";
  if (/SUCCE|TRIGGERED/.test(state)) return "good";
  if (/EXECUTING|QUEUED/.test(state)) return "busy";
  return "quiet";
}

/** A state in a tag whose colour only repeats what its word says. */
export function stateTag(): HTMLSpanElement {
  return element("span", { class: "tag" });
}

export function showState(tag: Element, state: string): void {
  setAttribute(tag, "data-tone", toneOf(state));
  setText(tag, state.replaceAll("_", " ").toLowerCase());
}
