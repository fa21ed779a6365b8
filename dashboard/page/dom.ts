/** Elements that are made once and then changed in place, so that nothing flickers and the focus stays. */

type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** A new element. Attributes that are undefined or false are left out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value);
  made.append(...children);
  return made;
}

export function setAttribute(target: Element, name: string, value: string | boolean | undefined): void {
  if (value === undefined || value === false) target.removeAttribute(name);
  else if (target.getAttribute(name) !== String(value)) target.setAttribute(name, value === true ? "" : value);
}

/** Changes an element's text where it differs. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

/** The page's element of an id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/** How a list keeps its elements: one for each key. */
export interface ListItem<T, E extends Element> {
  readonly key: (item: T) => string;
  readonly create: (item: T) => E;
  readonly update: (made: E, item: T) => void;
}

/** Makes the children of an element those of the items, in their order; those that were there before stay. */
export function updateList<T, E extends Element>(parent: Element, items: readonly T[], how: ListItem<T, E>): void {
  const before = new Map([...parent.children].map((child) => [(child as HTMLElement).dataset.key, child as E]));
  const keys = distinct(items.map(how.key));
  for (const [key, child] of before) if (key === undefined || !keys.includes(key)) child.remove();
  items.forEach((item, index) => {
    const key = keys[index]!;
    const child = before.get(key) ?? how.create(item);
    (child as unknown as HTMLElement).dataset.key = key;
    how.update(child, item);
    const there = parent.children[index];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
}

/** Keys with a number behind those that come again. */
function distinct(keys: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return keys.map((key) => {
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    return times === 0 ? key : `${key} ${times}`;
  });
}
