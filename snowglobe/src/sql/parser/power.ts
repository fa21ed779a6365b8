/**
 * Binding powers, weakest first. Source: "Query operators" (arithmetic, comparison, logical), "Semi-structured data".
 * `::`, `:`, `[` and COLLATE bind tighter than the signs.
 */
export const Power = {
  None: 0,
  Or: 1,
  And: 2,
  Not: 3,
  Comparison: 4,
  Additive: 5,
  Multiplicative: 6,
  Sign: 7,
  Postfix: 8,
} as const;
