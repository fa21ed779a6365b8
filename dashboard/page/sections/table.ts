import { element, setText, updateList } from "../dom";
import { showTime } from "./view";

/** A column of a table: how its cells are made, and how they are filled. */
export interface Column<T> {
  readonly title: string;
  readonly isNumber?: boolean;
  /** What a cell holds besides text. */
  readonly create?: () => Element;
  /** @param now Snowflake's time */
  readonly show: (cell: Element, row: T, now: string | undefined) => void;
}

/** A column of text. */
export function textColumn<T>(title: string, text: (row: T) => string, isNumber = false): Column<T> {
  return { title, isNumber, show: (cell, row) => setText(cell, text(row)) };
}

/** A column of times, each with how long ago it was. */
export function timeColumn<T>(title: string, time: (row: T) => string | undefined): Column<T> {
  return {
    title,
    create: () => element("time"),
    show: (cell, row, now) => showTime(cell as HTMLTimeElement, time(row), now),
  };
}

/** A table whose rows stay while their keys do. */
export class DataTable<T> {
  readonly element: HTMLDivElement;
  private readonly body = element("tbody");
  private readonly nothing: HTMLParagraphElement;
  private readonly scroll: HTMLDivElement;

  /**
   * @param caption what the table lists, for screen readers
   * @param empty what stands there instead of no rows
   */
  constructor(
    caption: string,
    empty: string,
    private readonly columns: readonly Column<T>[],
    private readonly key: (row: T) => string,
  ) {
    const heads = columns.map(({ title, isNumber }) =>
      element("th", { scope: "col", class: isNumber ? "number" : undefined }, title),
    );
    const table = element(
      "table",
      {},
      element("caption", { class: "unseen" }, caption),
      element("thead", {}, element("tr", {}, ...heads)),
      this.body,
    );
    this.nothing = element("p", { class: "muted", hidden: true }, empty);
    // Wide tables scroll by themselves, also by keyboard.
    this.scroll = element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, table);
    this.element = element("div", {}, this.nothing, this.scroll);
  }

  /** @param now Snowflake's time, for columns that tell how long ago something was */
  show(rows: readonly T[], now?: string): void {
    this.nothing.hidden = rows.length > 0;
    this.scroll.hidden = rows.length === 0;
    updateList(this.body, rows, {
      key: this.key,
      create: () =>
        element(
          "tr",
          {},
          ...this.columns.map(({ isNumber, create }, index) => {
            const cell = index === 0 ? element("th", { scope: "row" }) : element("td");
            if (isNumber) cell.className = "number";
            if (create) cell.append(create());
            return cell;
          }),
        ),
      update: (tr, row) =>
        this.columns.forEach(({ create, show }, index) => {
          const cell = tr.children[index]!;
          show(create ? cell.firstElementChild! : cell, row, now);
        }),
    });
  }
}
