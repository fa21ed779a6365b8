import type { BoundExpression, Template } from "./boundExpression";
import { macroDefinitions } from "./macros";

/**
 * How often a text names its arguments once all macros in it are expanded (DuckDB expands a macro by copying), and how
 * long it becomes. An argument inside a lambda counts twice: it is computed for each element.
 */
export interface Profile {
  /** By argument index; absent: not named. */
  readonly uses: ReadonlyMap<number, number>;
  /** Characters without the arguments' own. */
  readonly size: number;
}

/** Functions of the engine that are macros themselves, and how often they use their arguments. */
export const ENGINE_MACROS: Readonly<Record<string, readonly number[]>> = {
  array_to_string: [2, 1],
  fmod: [2, 2],
  nullif: [2, 1],
  split_part: [2, 2, 2],
};

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\/\*[^]*?\*\/|\$\d+|[A-Za-z_]\w*|\d[\w.]*|\s+|[^]/gy;

/** Reads SQL text as far as needed to tell calls of macros, their arguments and lambdas. */
class ProfileReader {
  private readonly tokens: readonly string[];
  private at = 0;
  private size = 0;
  private readonly uses = new Map<number, number>();

  /** @param argument the index of the argument that a word or `$n` stands for */
  constructor(
    text: string,
    private readonly argument: (token: string) => number | undefined,
    private readonly macros: (name: string) => MacroProfile | undefined,
  ) {
    this.tokens = (text.match(TOKEN) ?? []).filter((token) => token.trim() !== "");
  }

  read(): Profile {
    while (this.at < this.tokens.length) this.list(1);
    return { uses: this.uses, size: this.size };
  }

  /** `CASE operand WHEN`: the engine compares a copy of the operand for each WHEN. */
  private isSimpleCase(token: string): boolean {
    return token.toUpperCase() === "CASE" && this.tokens[this.at]?.toUpperCase() !== "WHEN";
  }

  /** Expressions parted by commas, up to a closing bracket. @param weights by the place of the expression */
  private list(factor: number, weights: readonly number[] = []): void {
    let place = 0;
    let own = factor * (weights[0] ?? 1);
    let simpleCases = 0;
    while (this.at < this.tokens.length) {
      const token = this.tokens[this.at++]!;
      this.size += token.length * own;
      if (token === ")" || token === "]" || token === "}") return;
      if (token === ",") {
        own = factor * (weights[++place] ?? 1);
      } else if (token === "(" || token === "[" || token === "{") {
        this.list(own);
      } else if (token === "lambda") {
        while (this.at < this.tokens.length && this.tokens[this.at++] !== ":");
        own *= 2;
      } else if (this.isSimpleCase(token)) {
        own *= 2;
        simpleCases++;
      } else if (simpleCases > 0 && token.toUpperCase() === "WHEN") {
        own /= 2;
        simpleCases--;
      } else if (token === "fn" && this.tokens[this.at] === "." && this.tokens[this.at + 2] === "(") {
        const macro = this.macros(this.tokens[this.at + 1]!);
        this.at += 3;
        this.size += (macro?.size ?? 0) * own;
        this.list(own, macro?.uses);
      } else if (this.tokens[this.at] === "(" && Object.hasOwn(ENGINE_MACROS, token)) {
        this.at++;
        this.list(own, ENGINE_MACROS[token]);
      } else {
        const index =
          this.tokens[this.at] === "(" || this.tokens[this.at - 2] === "." ? undefined : this.argument(token);
        if (index !== undefined) this.uses.set(index, (this.uses.get(index) ?? 0) + own);
      }
    }
  }
}

interface MacroProfile {
  /** By the parameter's place. */
  readonly uses: readonly number[];
  readonly size: number;
}

let macroProfiles: Map<string, MacroProfile> | undefined;

/** The profile of `fn.<name>`; macros use only those before them. */
function macroProfile(name: string): MacroProfile | undefined {
  if (!macroProfiles) {
    const known = new Map<string, MacroProfile>();
    for (const text of macroDefinitions) {
      const [, own, list, body] = /^CREATE OR REPLACE MACRO fn\.(\w+)\(([^)]*)\)\s+AS\s+([^]*)$/.exec(text) ?? [];
      if (own === undefined) continue;
      const parameters = list!.split(",").map((parameter) => parameter.trim());
      const reader = new ProfileReader(
        body!,
        (token) => (parameters.includes(token) ? parameters.indexOf(token) : undefined),
        (used) => known.get(used),
      );
      const { uses, size } = reader.read();
      known.set(own, { uses: parameters.map((_, i) => uses.get(i) ?? 0), size });
    }
    macroProfiles = known;
  }
  return macroProfiles.get(name);
}

/** What makes a text use an argument more often than it names it. */
const NEEDS_READING = new RegExp(
  `\\b(?:fn\\.|lambda\\b|CASE\\s+(?!WHEN)|(?:${Object.keys(ENGINE_MACROS).join("|")})\\()`,
  "i",
);

const profiles = new WeakMap<Template, Profile>();

export function profileOf(template: Template): Profile {
  const known = profiles.get(template);
  if (known) return known;
  const plain = template.every((part) => typeof part === "number" || !NEEDS_READING.test(part));
  const made = plain
    ? plainProfile(template)
    : new ProfileReader(
        template.map((part) => (typeof part === "number" ? `$${part}` : part)).join(""),
        (token) => (/^\$\d+$/.test(token) ? Number(token.slice(1)) : undefined),
        macroProfile,
      ).read();
  profiles.set(template, made);
  return made;
}

function plainProfile(template: Template): Profile {
  const uses = new Map<number, number>();
  let size = 0;
  for (const part of template) {
    if (typeof part === "number") uses.set(part, (uses.get(part) ?? 0) + 1);
    else size += part.length;
  }
  return { uses, size };
}

/** What matters for computing an expression more than once. */
interface Facts {
  /** Characters, with all macros expanded. */
  readonly size: number;
  readonly volatile: boolean;
  /** Holds a subquery, which DuckDB does not take inside a lambda. */
  readonly subquery: boolean;
  /** Operands within each other that are computed once: each is a lambda to the engine. */
  readonly depth: number;
}

/**
 * Expanded text, in characters, up to which computing a value again costs no more than handing it on: a column with a
 * cast or a constant added. Nesting stays linear, since what is repeated never grows beyond it.
 */
const REPEATABLE_SIZE = 64;

const facts = new WeakMap<BoundExpression, Facts>();

/** Of columns and constants: however long a constant is, it does not nest. */
const LEAF: Facts = { size: 4, volatile: false, subquery: false, depth: 0 };

export function factsOf(expression: BoundExpression): Facts {
  if (expression.kind === "column" || expression.kind === "literal") return LEAF;
  let known = facts.get(expression);
  if (!known) {
    known = computeFacts(expression);
    facts.set(expression, known);
  }
  return known;
}

function computeFacts(expression: BoundExpression): Facts {
  switch (expression.kind) {
    case "column":
    case "literal":
      return LEAF;
    case "call": {
      const { uses, size } = profileOf(expression.template);
      const all = { size, volatile: expression.volatility === "volatile", subquery: false, depth: 0 };
      let shares = 0;
      expression.args.forEach((arg, i) => {
        const { size, volatile, subquery, depth } = factsOf(arg);
        const times = uses.get(i) ?? 0;
        const once = times > 1 && !isRepeatable(arg);
        all.size += size * (once ? 1 : times);
        all.volatile ||= volatile;
        all.subquery ||= subquery;
        all.depth = Math.max(all.depth, depth);
        if (once) shares = 1;
      });
      all.depth += shares;
      return all;
    }
    case "lambda":
      return factsOf(expression.body);
    case "let": {
      const parts = [...expression.values, expression.body].map(factsOf);
      return {
        size: parts.reduce((sum, part) => sum + part.size, 0),
        volatile: parts.some((part) => part.volatile),
        subquery: parts.some((part) => part.subquery),
        depth: Math.max(...parts.map((part) => part.depth)) + 1,
      };
    }
    case "subquery":
    case "exists":
    case "inQuery":
      return { size: REPEATABLE_SIZE, volatile: false, subquery: true, depth: 0 };
  }
}

/** Whether an operand may as well be computed each time that it is used. */
export function isRepeatable(expression: BoundExpression): boolean {
  if (expression.kind === "column" || expression.kind === "literal" || expression.kind === "lambda") return true;
  const { size, volatile, subquery } = factsOf(expression);
  return size <= REPEATABLE_SIZE && !volatile && !subquery;
}
