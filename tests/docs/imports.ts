/** Which files of the checkout import which, as their import statements say. */
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { ROOT } from "./markdown";

/** Places of the house, outermost first: each may import those below it. */
export const ROOMS = [
  "bench",
  "proof",
  "cli",
  "index.ts",
  "components",
  "dashboard",
  "loader",
  "plugins",
  "snowglobe",
] as const;

/** snowglobe's floors, the upper first: each knows only those below it. */
export const FLOORS = [
  "doors",
  "server",
  "services",
  "session",
  "scripting",
  "statements",
  "informationSchema",
  "refresh",
  "execution",
  "account",
  "rowset",
  "translate",
  "javascript",
  "catalog",
  "sql",
  "storage",
  "ground",
] as const;
export type Floor = (typeof FLOORS)[number];

/** Files that lie in snowglobe/src itself: what starts it, and what everything stands on. */
const DOORS = new Set(["main.ts", "start.ts", "index.ts", "jest.ts", "dataDirectory.ts"]);

export interface Import {
  /** Paths from the checkout's root. */
  readonly from: string;
  readonly to: string;
  /** Nothing of it is there when the program runs. */
  readonly isType: boolean;
}

/** All TypeScript files under these places, tests and the dashboard's page (a program of its own) left out. */
export function sourceFiles(places: readonly string[] = ROOMS): string[] {
  return places.flatMap((place) => {
    if (place.endsWith(".ts")) return [place];
    return readdirSync(path.join(ROOT, place), { recursive: true, encoding: "utf8" })
      .map((file) => path.posix.join(place, file.split(path.sep).join("/")))
      .filter((file) => file.endsWith(".ts") && !/\/(node_modules|dist|tests|page)\//.test(file));
  });
}

/** `await import("./open.js")`: loaded on demand. */
const ON_DEMAND = /\bimport\("(\.[^"]+)\.js"\)/g;
const STATEMENT = /^(?:import|export)(\s+type)?\s+([^;"']*?)\s*from\s+"(\.[^"]+)";/gm;

/** The imports of files from each other. */
export function importsOf(files: readonly string[]): Import[] {
  const known = new Set(files);
  return files.flatMap((from) => {
    const text = readFileSync(path.join(ROOT, from), "utf8");
    const onDemand = [...text.matchAll(ON_DEMAND)].map(([, target]) => ["", undefined, "{ x }", target] as const);
    return [...text.matchAll(STATEMENT), ...onDemand].flatMap(([, type, names, target]) => {
      const base = path.posix.join(path.posix.dirname(from), target!);
      const to = [`${base}.ts`, `${base}/index.ts`].find((file) => known.has(file));
      if (!to || to === from) return [];
      const inner = /^\{([^]*)\}$/.exec(names!)?.[1];
      const allTypes = inner?.split(",").every((name) => name.trim() === "" || /^type\s/.test(name.trim()));
      return [{ from, to, isType: Boolean(type) || Boolean(allTypes) }];
    });
  });
}

/** The floor of a file of snowglobe's. @throws Error for a folder that no floor has */
export function floorOf(file: string): Floor {
  const [, , first, ...rest] = file.split("/");
  if (rest.length === 0) return DOORS.has(first!) ? "doors" : "ground";
  const floor = FLOORS.find((one) => one === first);
  if (!floor) throw new Error(`${file} lies on no floor: name its folder in FLOORS, where it belongs`);
  return floor;
}

/** Groups of files that import each other in a circle, each sorted; the value imports alone unless types count too. */
export function circles(imports: readonly Import[], withTypes: boolean): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, isType } of imports) {
    if (!isType || withTypes) next.set(from, [...(next.get(from) ?? []), to]);
  }
  // Tarjan's strongly connected components, with a stack of its own: chains of imports are long.
  const [order, low, stack, found] = [
    new Map<string, number>(),
    new Map<string, number>(),
    [] as string[],
    [] as string[][],
  ];
  const visit = (file: string): void => {
    order.set(file, order.size);
    low.set(file, order.get(file)!);
    stack.push(file);
    for (const to of next.get(file) ?? []) {
      if (!order.has(to)) visit(to);
      if (stack.includes(to)) low.set(file, Math.min(low.get(file)!, low.get(to)!));
    }
    if (low.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of next.keys()) if (!order.has(file)) visit(file);
  return found;
}
