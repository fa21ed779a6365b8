import { randomNumbers } from "./randomCalls";

/** The table that random queries read: columns of most types, each with NULLs and odd values. */
export const COLUMNS = [
  ["ID", "NUMBER(38,0)"],
  ["N", "NUMBER(10,2)"],
  ["F", "FLOAT"],
  ["S", "VARCHAR"],
  ["B", "BOOLEAN"],
  ["D", "DATE"],
  ["TS", "TIMESTAMP_NTZ"],
  ["V", "VARIANT"],
] as const;

export const ROWS = `select column1, column2, column3::float, column4, column5, column6::date, column7::timestamp_ntz,
    parse_json(column8) from values
  (1, 1.5, 1.5, 'a', true, '2024-02-29', '2024-02-29 10:11:12.5', '1'),
  (2, -2.25, 0, 'A', false, '0001-01-01', '1969-12-31 23:59:59.999999', '"a"'),
  (3, 0, -1e300, '', null, '9999-12-31', '2024-01-01 00:00:00', 'null'),
  (4, null, null, null, null, null, null, null),
  (5, 99999999.99, 1e-10, 'a%_', true, '2024-03-01', '2024-03-10 02:30:00', '[1,2,{"k":3}]'),
  (6, 1.5, 2, '10', false, '2024-02-29', '2024-02-29 10:11:12.5', '{"a":1,"b":null}'),
  (7, 10, 'NaN', '9', true, '2023-12-31', '2023-12-31 23:59:59', '10'),
  (8, 9, 3.5, 'é😀', null, '1970-01-01', '1970-01-01 00:00:00', '2.5e0'),
  (9, -0.01, -0.5, ' a ', false, '2000-01-01', '2000-01-01 12:00:00', 'true')`;

type Kind = "number" | "text" | "boolean" | "date" | "variant";

/** Random expressions over COLUMNS, the same for the same seed. */
export class RandomExpressions {
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = randomNumbers(seed);
  }

  private pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.random() * list.length)]!;
  }

  /** An expression of any kind. */
  value(): string {
    return this.of(this.pick(["number", "text", "boolean", "date", "variant"] as const), 2);
  }

  predicate(depth = 2): string {
    if (depth > 0 && this.random() < 0.4) {
      const [a, b] = [this.predicate(depth - 1), this.predicate(depth - 1)];
      return this.pick([`(${a} and ${b})`, `(${a} or ${b})`, `not (${a})`, `(${a}) is null`, `iff(${a}, ${b}, null)`]);
    }
    const kind = this.pick(["number", "text", "date", "variant"] as const);
    const [x, y, z] = [this.of(kind, 1), this.of(kind, 1), this.of(kind, 1)];
    const text = this.of("text", 1);
    return this.pick([
      `${x} ${this.pick(["=", "<>", "<", "<=", ">", ">="])} ${y}`,
      `${x} between ${y} and ${z}`,
      `${x} in (${y}, ${z})`,
      `${x} not in (${y}, null)`,
      `${x} is not distinct from ${y}`,
      `${x} is null`,
      `equal_null(${x}, ${y})`,
      `${text} like '%a%'`,
      `${text} ilike any ('A%', '1_', null)`,
      `contains(${text}, 'a')`,
      "b",
    ]);
  }

  private of(kind: Kind, depth: number): string {
    if (depth > 0 && this.random() < 0.15) {
      return `case when ${this.predicate(depth - 1)} then ${this.of(kind, depth - 1)} else ${this.of(kind, depth - 1)} end`;
    }
    if (depth > 0 && this.random() < 0.15) return `coalesce(${this.of(kind, depth - 1)}, ${this.of(kind, depth - 1)})`;
    const inner = (other: Kind): string => this.of(other, depth - 1);
    switch (kind) {
      case "number":
        return depth === 0
          ? this.pick(["n", "f", "id", "0", "1.5", "-7", "null::number"])
          : this.pick([
              `${inner("number")} + ${inner("number")}`,
              `round(${inner("number")}, 1)`,
              `abs(${inner("number")})`,
              `length(${inner("text")})`,
              `year(${inner("date")})`,
              `datediff(day, ${inner("date")}, ${inner("date")})`,
              `array_size(v)`,
              `zeroifnull(${inner("number")})`,
            ]);
      case "text":
        return depth === 0
          ? this.pick(["s", "'a'", "''", "null::varchar", "'10'"])
          : this.pick([
              `upper(${inner("text")})`,
              `${inner("text")} || ${inner("text")}`,
              `substr(${inner("text")}, 1, 2)`,
              `to_varchar(${inner("date")})`,
              `to_varchar(${inner("number")})`,
              `replace(${inner("text")}, 'a', 'b')`,
              `v:a::varchar`,
              `nullif(${inner("text")}, 'a')`,
            ]);
      case "boolean":
        return this.predicate(depth - 1);
      case "date":
        return depth === 0
          ? this.pick(["d", "ts::date", "'2024-02-29'::date", "null::date"])
          : this.pick([
              `date_trunc('month', ${inner("date")})`,
              `last_day(${inner("date")})`,
              `greatest(${inner("date")}, ${inner("date")})`,
            ]);
      case "variant":
        return depth === 0
          ? this.pick(["v", "v:a", "v[0]", "1::variant", "'a'::variant", "null::variant"])
          : this.pick(["to_variant(n)", "to_variant(s)", "get(v, 1)", "array_construct(n, s)::variant"]);
    }
  }
}
