/** A state's loans in the sample, and the range of three-digit postal prefixes its borrowers live in. */
interface State {
  readonly code: string;
  readonly loans: number;
  readonly zip: readonly [first: number, last: number];
}

const state = (code: string, loans: number, first: number, last: number): State => ({
  code,
  loans,
  zip: [first, last],
});

/**
 * 49 states and the District of Columbia: as many loans each as the public file of 2007 to 2011 has, so that the
 * workshop's figures hold. North Dakota has none.
 */
export const STATES: readonly State[] = [
  state("CA", 7429, 900, 961),
  state("NY", 4065, 100, 149),
  state("FL", 3104, 320, 349),
  state("TX", 2915, 750, 799),
  state("NJ", 1988, 70, 89),
  state("IL", 1672, 600, 629),
  state("PA", 1651, 150, 196),
  state("GA", 1503, 300, 319),
  state("VA", 1487, 220, 246),
  state("MA", 1438, 10, 27),
  state("OH", 1329, 430, 458),
  state("MD", 1125, 206, 219),
  state("AZ", 933, 850, 865),
  state("WA", 888, 980, 994),
  state("CO", 857, 800, 816),
  state("NC", 830, 270, 289),
  state("CT", 816, 60, 69),
  state("MI", 796, 480, 499),
  state("MO", 765, 630, 658),
  state("MN", 652, 550, 567),
  state("NV", 527, 889, 898),
  state("WI", 516, 530, 549),
  state("SC", 489, 290, 299),
  state("AL", 484, 350, 369),
  state("OR", 468, 970, 979),
  state("LA", 461, 700, 714),
  state("KY", 359, 400, 427),
  state("OK", 317, 730, 749),
  state("KS", 298, 660, 679),
  state("UT", 278, 840, 847),
  state("AR", 261, 716, 729),
  state("DC", 224, 200, 205),
  state("RI", 208, 28, 29),
  state("NM", 205, 870, 884),
  state("NH", 188, 30, 38),
  state("WV", 187, 247, 268),
  state("HI", 181, 967, 968),
  state("DE", 136, 197, 199),
  state("MT", 96, 590, 599),
  state("WY", 87, 820, 831),
  state("AK", 86, 995, 999),
  state("SD", 67, 570, 577),
  state("VT", 57, 50, 59),
  state("TN", 32, 370, 385),
  state("MS", 26, 386, 397),
  state("IN", 19, 460, 479),
  state("IA", 12, 500, 528),
  state("NE", 11, 680, 693),
  state("ID", 9, 832, 838),
  state("ME", 3, 39, 49),
];

/** Loans in the sample: 42,535. */
export const SAMPLE_ROWS = STATES.reduce((sum, { loans }) => sum + loans, 0);
