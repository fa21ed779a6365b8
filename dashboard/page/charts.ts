/** The parts of Chart.js that the page uses; the rest stays out of the bundle. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import { color } from "./theme";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);
Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
// As the rest of the page: by the browser's font size.
Chart.defaults.font.size = 0.75 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
Chart.defaults.maintainAspectRatio = false;

/** Milliseconds of a bar's way to its new length; none for those who asked their system for less motion. */
export const MOTION_MS = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 500;

/** The theme's colours as charts need them. */
export function palette() {
  return {
    ink: color("ink"),
    muted: color("muted"),
    line: color("line"),
    panel: color("panel"),
    standard: color("standard"),
    dynamic: color("dynamic"),
    target: color("attention"),
    good: color("good"),
    busy: color("busy"),
    bad: color("bad"),
  };
}

export type Palette = ReturnType<typeof palette>;

export { Chart };
