import fc from "fast-check";
import { Harness } from "./harness";

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.open();
});
afterAll(() => harness.close());

/** A decimal as a whole number of units and its scale. */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const decimal = fc.record({
  units: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
  scale: fc.integer({ min: 0, max: 8 }),
});

function text({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? "-" : ""}${whole}${scale > 0 ? `.${digits.slice(digits.length - scale)}` : ""}`;
}

/** n / d rounded half away from zero. */
function divideRounded(n: bigint, d: bigint): bigint {
  const sign = n < 0n !== d < 0n ? -1n : 1n;
  const [a, b] = [n < 0n ? -n : n, d < 0n ? -d : d];
  return sign * ((2n * a + b) / (2n * b));
}

/** The documented scales; values in BigInt. */
function model(operator: string, a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const left = a.units * 10n ** BigInt(scale - a.scale);
  const right = b.units * 10n ** BigInt(scale - b.scale);
  switch (operator) {
    case "+":
      return { units: left + right, scale };
    case "-":
      return { units: left - right, scale };
    case "*": {
      const made = Math.min(a.scale + b.scale, Math.max(a.scale, b.scale, 12));
      return { units: divideRounded(a.units * b.units, 10n ** BigInt(a.scale + b.scale - made)), scale: made };
    }
    case "%":
      return { units: left % right, scale };
    default: {
      const made = Math.max(a.scale, Math.min(a.scale + 6, 12));
      return { units: divideRounded(a.units * 10n ** BigInt(made - a.scale + b.scale), b.units), scale: made };
    }
  }
}

test("fixed-point arithmetic is exact, for constants and for columns", async () => {
  await fc.assert(
    fc.asyncProperty(decimal, decimal, fc.constantFrom("+", "-", "*", "/", "%"), async (a, b, operator) => {
      fc.pre((operator !== "/" && operator !== "%") || b.units !== 0n);
      const expected = text(model(operator, a, b));
      // `-0` is not a number.
      const plain = /^-0(\.0*)?$/.test(expected) ? expected.slice(1) : expected;
      expect(await harness.value(`select (${text(a)}) ${operator} (${text(b)})`)).toBe(plain);
      expect(await harness.value(`select x ${operator} y from values (${text(a)}, ${text(b)}) v(x, y)`)).toBe(plain);
    }),
    { numRuns: 200 },
  );
});

test("rounding is half away from zero at every place", async () => {
  await fc.assert(
    fc.asyncProperty(decimal, fc.integer({ min: -3, max: 8 }), async (value, places) => {
      const expected =
        places >= value.scale
          ? value
          : { units: divideRounded(value.units, 10n ** BigInt(value.scale - places)), scale: places };
      const shown =
        places < 0 && places < value.scale ? { units: expected.units * 10n ** BigInt(-places), scale: 0 } : expected;
      expect(await harness.value(`select round(x, ${places}) from values (${text(value)}) v(x)`)).toBe(
        text(shown).replace(/^-(0(\.0*)?)$/, "$1"),
      );
    }),
    { numRuns: 100 },
  );
});

test("DATEDIFF counts the boundaries between two moments", async () => {
  const moment = fc.date({
    min: new Date("1950-01-01T00:00:00Z"),
    max: new Date("2080-01-01T00:00:00Z"),
    noInvalidDate: true,
  });
  const sql = (date: Date): string => `'${date.toISOString().slice(0, 23).replace("T", " ")}'::timestamp`;
  const floor = (date: Date, ms: number): number => Math.floor(date.getTime() / ms);
  const week = (date: Date): number => Math.floor((floor(date, 86_400_000) + 3) / 7);
  await fc.assert(
    fc.asyncProperty(moment, moment, async (a, b) => {
      const months = (date: Date): number => date.getUTCFullYear() * 12 + date.getUTCMonth();
      const expected = [
        b.getUTCFullYear() - a.getUTCFullYear(),
        Math.floor(months(b) / 3) - Math.floor(months(a) / 3),
        months(b) - months(a),
        week(b) - week(a),
        floor(b, 86_400_000) - floor(a, 86_400_000),
        floor(b, 3_600_000) - floor(a, 3_600_000),
        floor(b, 60_000) - floor(a, 60_000),
        floor(b, 1000) - floor(a, 1000),
      ].map((difference) => String(difference));
      const parts = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"];
      const calls = parts.map((part) => `datediff(${part}, ${sql(a)}, ${sql(b)})`).join(", ");
      expect(await harness.rows(`select ${calls}`)).toEqual([expected]);
    }),
    { numRuns: 100 },
  );
});
