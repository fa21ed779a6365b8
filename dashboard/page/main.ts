import type { Snapshot } from "../snapshot";
import { aboutText } from "./about";
import { Announcer } from "./announcer";
import { byId, setText } from "./dom";
import { costView } from "./sections/cost";
import { failuresView } from "./sections/failures";
import { lagsView } from "./sections/lags";
import { loansView } from "./sections/loans";
import { mailsView } from "./sections/mails";
import { pipelineView } from "./sections/pipeline";
import { runsView } from "./sections/runs";
import type { View } from "./sections/view";
import { showStatus } from "./status";
import { SnapshotStream } from "./stream";
import { startTheme } from "./theme";

// The token has done its work: it does not stay in the address bar, in the history or in bookmarks.
if (location.search) history.replaceState(null, "", location.pathname);

const views: readonly View[] = [
  loansView(),
  pipelineView(),
  lagsView(),
  failuresView(),
  runsView(),
  mailsView(),
  costView(),
];
const announcer = new Announcer();
let latest: Snapshot | undefined;

const stream = new SnapshotStream<Snapshot>((snapshot) => {
  latest = snapshot;
  show();
  announcer.hear(snapshot);
});

function show(): void {
  showStatus(stream, latest);
  if (!latest) return;
  setText(byId("label"), aboutText(latest));
  for (const view of views) {
    // One section that fails leaves the others alone.
    try {
      view.show(latest);
    } catch (error) {
      console.error(error);
    }
  }
}

startTheme(() => {
  for (const view of views) view.recolor?.();
});
stream.start();
setInterval(() => showStatus(stream, latest), 1_000);
