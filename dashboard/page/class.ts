import { STEPS, type ClassSnapshot, type MemberLook } from "../classroom/snapshot";
import { aboutText } from "./about";
import { announce } from "./announcer";
import { byId, element, setAttribute, setText, updateList } from "./dom";
import { countOf, formatNumber, formatSeconds } from "./format";
import { DataTable, textColumn, timeColumn } from "./sections/table";
import { SectionError } from "./sections/view";
import { showStatus } from "./status";
import { SnapshotStream } from "./stream";
import { startTheme } from "./theme";

// The token has done its work: it does not stay in the address bar, in the history or in bookmarks.
if (location.search) history.replaceState(null, "", location.pathname);

const error = new SectionError();
const table = new DataTable<MemberLook>(
  "The class, those who are stuck first",
  "Nobody is in the class.",
  [
    {
      title: "Attendee",
      create: () => element("a"),
      show: (link, { name }) => {
        setAttribute(link, "href", `${encodeURIComponent(name)}/`);
        setText(link, name);
      },
    },
    {
      title: "Needs help",
      create: () => element("span", { class: "tag" }),
      show: (tag, { stuck, step }) => {
        const isOff = step === "not deployed";
        setAttribute(tag, "data-tone", stuck.length > 0 ? "bad" : isOff ? "quiet" : "good");
        setText(tag, stuck.length > 0 ? stuck.join(", ") : isOff ? "not deployed" : "no");
      },
    },
    textColumn("Story", ({ step }) => step),
    textColumn("Scenario", ({ scenario }) => scenario ?? ""),
    textColumn("Loans", ({ loans }) => numberOf(loans), true),
    timeColumn("Last load", ({ loadedAt }) => loadedAt),
    textColumn("States, standard", ({ standardStates }) => numberOf(standardStates), true),
    textColumn("dynamic", ({ dynamicStates }) => numberOf(dynamicStates), true),
    textColumn("Lag", ({ lagSeconds }) => (lagSeconds === undefined ? "" : formatSeconds(lagSeconds)), true),
    textColumn("Failures", ({ failures }) => numberOf(failures), true),
    timeColumn("Last mail", ({ lastMailAt }) => lastMailAt),
  ],
  ({ name }) => name,
);
byId("members").append(error.line, table.element);

let latest: ClassSnapshot | undefined;
let stuckBefore: number | undefined;

const stream = new SnapshotStream<ClassSnapshot>((snapshot) => {
  latest = snapshot;
  showStatus(stream, snapshot);
  setText(byId("label"), aboutText(snapshot));
  error.show(snapshot.members);
  const { data } = snapshot.members;
  if (!data) return;
  table.show([...data].sort(byNeed), snapshot.now);
  showSteps(data);
  const stuck = data.filter((member) => member.stuck.length > 0).length;
  const says = stuck === 0 ? "nobody is stuck" : `${stuck} of them stuck`;
  setText(byId("summary"), `${countOf(data.length, "environment")}, ${says}.`);
  if (stuckBefore !== undefined && stuck !== stuckBefore) announce(says);
  stuckBefore = stuck;
});

/** Those who are stuck, then those who have come least far, then by name. */
function byNeed(a: MemberLook, b: MemberLook): number {
  const isStuck = (member: MemberLook): number => (member.stuck.length > 0 ? 0 : 1);
  return isStuck(a) - isStuck(b) || STEPS.indexOf(a.step) - STEPS.indexOf(b.step) || a.name.localeCompare(b.name);
}

function showSteps(members: readonly MemberLook[]): void {
  const counts = STEPS.map((step) => ({ step, count: members.filter((member) => member.step === step).length }));
  updateList(byId("steps"), counts, {
    key: ({ step }) => step,
    create: () => element("li", {}, element("strong", { class: "figure" }), element("span", { class: "muted" })),
    update: (item, { step, count }) => {
      setText(item.children[0]!, formatNumber(count));
      setText(item.children[1]!, step);
    },
  });
}

function numberOf(value: number | undefined): string {
  return value === undefined ? "" : formatNumber(value);
}

startTheme(() => undefined);
stream.start();
setInterval(() => showStatus(stream, latest), 1_000);
