import { builtInFunctions, findFunction } from "../../src/translate/functions/registry";

/** Values of all types, the odd ones of each among them. */
const VALUES = [
  "null",
  "null::varchar",
  "null::number",
  "null::date",
  "null::variant",
  "0",
  "1",
  "-1",
  "3",
  "-7",
  "255",
  "1.5",
  "-2.25",
  "0.000000000001",
  "99999999999999999999999999999999999999",
  "-99999999999999999999999999999999999999",
  "9223372036854775807",
  "-9223372036854775808",
  "1e300::float",
  "-1.5::float",
  "'NaN'::float",
  "''",
  "'a'",
  "'hello World'",
  "'42'",
  "'-3.5'",
  "'[1,2]'",
  `'{"a":1}'`,
  "'2024-02-29'",
  "'é\\n😀'",
  "'%_\\\\('",
  "'Y'",
  "'month'",
  "repeat('x', 300)",
  "true",
  "false",
  "'2024-02-29'::date",
  "'0001-01-01'::date",
  "'9999-12-31'::date",
  "'10:11:12.5'::time",
  "'2024-02-29 10:11:12.123456'::timestamp_ntz",
  "'2024-02-29 10:11:12'::timestamp_ltz",
  "'2024-02-29 10:11:12 +0530'::timestamp_tz",
  "to_binary('CAFE')",
  "to_binary('')",
  "parse_json('null')",
  "parse_json('5')",
  `parse_json('"x"')`,
  "parse_json('1.5e3')",
  "[]",
  "[1, null, 'a', 2.5::float]",
  "{'a': 1, 'b': [1]}",
  "to_variant('2024-02-29'::date)",
] as const;

/** A sequence of numbers from 0 up to 1, the same for the same seed. Source: the algorithm is mulberry32. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Lambdas for the places that take one, by the number of arguments before it. */
const LAMBDAS: Readonly<Record<number, string>> = { 1: "x -> x", 2: "(a, b) -> a" };

/** So many lists of arguments of any type for a function. */
export function randomCallArguments(name: string, count: number, seed: number): string[][] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => argumentsOf(name, random));
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}

function argumentsOf(name: string, random: () => number): string[] {
  const { min, max, lambdas } = findFunction(name)!;
  const count = min + Math.floor(random() * (Math.min(max, min + 3, 8) - min + 1));
  return Array.from({ length: count }, (_, i) => (lambdas?.includes(i) ? LAMBDAS[i]! : pick(VALUES, random)));
}

/** Calls of every function that is there, so many of each, of arguments of any type. */
export function randomCalls(perFunction: number, seed: number): string[] {
  const random = randomNumbers(seed);
  return [...builtInFunctions().keys()].flatMap((name) => {
    const { kind } = findFunction(name)!;
    return Array.from({ length: perFunction }, () => {
      const text = `${name}(${argumentsOf(name, random).join(", ")})`;
      if (kind === "window" || (kind === "aggregate" && random() < 0.3)) {
        return `select ${text} over (${kind === "window" ? "order by a" : "partition by b"}) from t`;
      }
      return kind === "aggregate" ? `select ${text} from t` : `select ${text}`;
    });
  });
}
