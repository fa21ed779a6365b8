import { byId, setText } from "./dom";

/** `auto` follows the system. */
type Theme = "auto" | "light" | "dark";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];
const KEY = "theme";

/**
 * The button that changes between the system's, the light and the dark theme; the choice is kept in this browser.
 *
 * @param onChange called when colours have changed, by the button or by the system
 */
export function startTheme(onChange: () => void): void {
  const button = byId("theme");
  const show = (theme: Theme): void => {
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    setText(button, `Theme: ${theme}`);
    onChange();
  };
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length]!;
    localStorage.setItem(KEY, next);
    show(next);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
  show(current());
}

function current(): Theme {
  const kept = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === kept) ?? "auto";
}

/** A colour of the style sheet as canvases understand it. */
export function color(name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const { color: resolved } = getComputedStyle(probe);
  probe.remove();
  return resolved;
}
