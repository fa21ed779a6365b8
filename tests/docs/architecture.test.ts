/** The house as its imports have it: which rooms know which, that nothing below knows what is above, and the picture. */
import { readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { circles, floorOf, FLOORS, importsOf, ROOMS, sourceFiles } from "./imports";
import { ROOT } from "./markdown";

const PAGE = path.join(ROOT, "docs", "architecture.md");
const imports = importsOf(sourceFiles());
const room = (file: string): string => file.split("/")[0]!;
const inSnowglobe = imports.filter(({ from, to }) => room(from) === "snowglobe" && room(to) === "snowglobe");

const placeOf = (file: string): string =>
  room(file) === "snowglobe" ? floorOf(file) : file.slice(0, file.lastIndexOf("/"));

test("rooms know those below them: only commands and benches know snowglobe, and it knows none of them", () => {
  const knows = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    if (room(from) !== room(to)) knows.set(room(from), (knows.get(room(from)) ?? new Set()).add(room(to)));
  }
  expect([...(knows.get("snowglobe") ?? [])]).toEqual([]);
  for (const [from, all] of knows) {
    if (!["cli", "bench", "proof"].includes(from)) expect([from, all.has("snowglobe")]).toEqual([from, false]);
    if (!["bench", "proof"].includes(from)) expect([from, all.has("cli")]).toEqual([from, false]);
  }
});

test("each of snowglobe's floors knows only those below it, also by types", () => {
  const upward = inSnowglobe.filter(({ from, to }) => FLOORS.indexOf(floorOf(from)) > FLOORS.indexOf(floorOf(to)));
  expect(upward.map(({ from, to }) => `${from} -> ${to}`)).toEqual([]);
});

test("no circle of imports that are there when the program runs", () => {
  expect(circles(imports, false)).toEqual([]);
});

test("circles of types stay within a folder: they are of data that holds its own kind", () => {
  const spread = circles(imports, true).filter((group) => new Set(group.map(placeOf)).size > 1);
  expect(spread).toEqual([]);
});

test("each folder of statements/ has a module, which the registry merges", () => {
  const files = sourceFiles(["snowglobe/src/statements"]);
  const folders = new Set(files.map((file) => file.split("/")[3]!).filter((name) => !name.endsWith(".ts")));
  const registry = readFileSync(path.join(ROOT, "snowglobe/src/statements/registry.ts"), "utf8");
  for (const folder of folders) {
    expect(files).toContain(`snowglobe/src/statements/${folder}/index.ts`);
    expect(registry).toContain(`import { ${folder}Module } from "./${folder}";`);
  }
  expect(files.filter((file) => file.split("/").length === 4)).toEqual(["snowglobe/src/statements/registry.ts"]);
});

/** What each place imports directly, as a picture that GitHub draws; arrows that follow from others are left out. */
function picture(title: string, places: readonly string[], arrows: readonly (readonly [string, string])[]): string {
  const direct = new Map<string, Set<string>>(places.map((place) => [place, new Set()]));
  for (const [from, to] of arrows) if (from !== to) direct.get(from)!.add(to);
  const reaches = (from: string, to: string): boolean => {
    const next = [...direct.get(from)!];
    return next.includes(to) || next.some((one) => reaches(one, to));
  };
  const id = (place: string): string => place.replace(/\W/g, "_");
  const lines = places.flatMap((from) =>
    [...direct.get(from)!]
      .filter((to) => ![...direct.get(from)!].some((other) => other !== to && reaches(other, to)))
      .sort((a, b) => places.indexOf(a) - places.indexOf(b))
      .map((to) => `  ${id(from)} --> ${id(to)}`),
  );
  const boxes = places.map((place) => `  ${id(place)}["${place}"]`);
  return [`### ${title}`, "", "```mermaid", "flowchart TD", ...boxes, ...lines, "```", ""].join("\n");
}

test("docs/architecture.md shows the imports as they are (ARCHITECTURE_WRITE=1 draws it anew)", () => {
  const between = imports.map(({ from, to }) => [room(from), room(to)] as const);
  const floors = inSnowglobe.map(({ from, to }) => [floorOf(from), floorOf(to)] as const);
  const text = readFileSync(PAGE, "utf8");
  const [before] = text.split("<!-- drawn -->");
  const drawn = `${before}<!-- drawn -->\n\n${picture("The checkout", ROOMS, between)}\n${picture("snowglobe/src", FLOORS, floors)}`;
  if (process.env.ARCHITECTURE_WRITE) writeFileSync(PAGE, drawn);
  expect(readFileSync(PAGE, "utf8")).toBe(drawn);
});
