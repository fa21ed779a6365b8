/** An element of a date and time format. Source: "Date and time input and output formats", the table of elements. */
export type FormatElement =
  | { readonly kind: "field"; readonly field: Field }
  | { readonly kind: "fraction"; readonly digits: number }
  | { readonly kind: "zone"; readonly part: "both" | "hours" | "minutes" }
  | { readonly kind: "text"; readonly text: string };

/** `padded` ones have leading zeros in output. In input all take one digit up to their longest. */
export type Field =
  | "YYYY"
  | "UUUU"
  | "YY"
  | "Y"
  | "MM"
  | "MO"
  | "MON"
  | "MMMM"
  | "DD"
  | "D"
  | "DY"
  | "HH24"
  | "H24"
  | "HH12"
  | "H12"
  | "AM"
  | "P"
  | "MI"
  | "ME"
  | "SS"
  | "S";

/** Spellings, longest first, since the first that fits is taken. */
const SPELLINGS: readonly (readonly [spelling: string, field: Field])[] = [
  ["YYYY", "YYYY"],
  ["UUUU", "UUUU"],
  ["MMMM", "MMMM"],
  ["HH24", "HH24"],
  ["HH12", "HH12"],
  ["H24", "H24"],
  ["H12", "H12"],
  ["MON", "MON"],
  ["YY", "YY"],
  ["MM", "MM"],
  ["MO", "MO"],
  ["MI", "MI"],
  ["ME", "ME"],
  ["DD", "DD"],
  ["DY", "DY"],
  ["HH", "HH24"],
  ["AM", "AM"],
  ["PM", "AM"],
  ["SS", "SS"],
  ["Y", "Y"],
  ["D", "D"],
  ["H", "H24"],
  ["P", "P"],
  ["S", "S"],
];

const ALL_DIGITS = 9;

/** The elements of a format; what stands between double quotes, and what is no element, is text. */
export function formatElements(format: string): readonly FormatElement[] {
  const elements: FormatElement[] = [];
  const upper = format.toUpperCase();
  let at = 0;
  while (at < format.length) {
    if (format[at] === '"') {
      const end = format.indexOf('"', at + 1);
      const stop = end < 0 ? format.length : end;
      elements.push({ kind: "text", text: format.slice(at + 1, stop) });
      at = stop + 1;
      continue;
    }
    const special = specialElement(upper, at);
    if (special) {
      elements.push(special.element);
      at += special.length;
      continue;
    }
    const field = SPELLINGS.find(
      ([spelling]) => upper.startsWith(spelling, at) && (spelling.length > 1 || standsAlone(upper, at)),
    );
    elements.push(field ? { kind: "field", field: field[1] } : { kind: "text", text: format[at]! });
    at += field ? field[0].length : 1;
  }
  return elements;
}

/** A letter within a word is no element: `hours` holds neither H nor S. Beside other elements it is one: `H:MI`, `DMO`. */
function standsAlone(upper: string, at: number): boolean {
  const before = /[A-Z]*$/.exec(upper.slice(0, at))![0];
  const word = before + /^[A-Z0-9]*/.exec(upper.slice(at))![0];
  return ELEMENTS_ALONE.test(word);
}

const ELEMENTS_ALONE = new RegExp(
  `^(?:TZHTZM|TZH|TZM|FF\\d?|${SPELLINGS.map(([spelling]) => spelling).join("|")}|\\d)+$`,
);

function specialElement(
  upper: string,
  at: number,
): { readonly element: FormatElement; readonly length: number } | undefined {
  if (upper.startsWith("FF", at)) {
    const digit = /\d/.test(upper[at + 2] ?? "") ? upper[at + 2]! : "";
    const digits = digit === "" ? ALL_DIGITS : Number(digit);
    return { element: { kind: "fraction", digits }, length: 2 + digit.length };
  }
  if (upper.startsWith("TZHTZM", at)) return { element: { kind: "zone", part: "both" }, length: 6 };
  if (upper.startsWith("TZH", at)) return { element: { kind: "zone", part: "hours" }, length: 3 };
  if (upper.startsWith("TZM", at)) return { element: { kind: "zone", part: "minutes" }, length: 3 };
  return undefined;
}
