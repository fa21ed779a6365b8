/**
 * A seeded stream of pseudo-random numbers. `Math.random` cannot be seeded, and the sample must be the same on every
 * machine and with every version of Node, so the generator is our own: sfc32 (Chris Doty-Humphrey's "small fast
 * counting" generator, 128 bits of state, passes PractRand). Not for secrets.
 */
export class Random {
  /** a, b, c and the counter; a typed array, because V8 boxes 32-bit numbers in fields of an object. */
  private readonly state: Int32Array;

  /** @param seed any whole number; the same seed gives the same stream */
  constructor(seed: number) {
    this.state = Int32Array.of(0, seed, Math.floor(seed / 2 ** 32), 1);
    // The author's own advice: the first dozen outputs still show the seed.
    for (let i = 0; i < 12; i++) this.next32();
  }

  private next32(): number {
    const state = this.state;
    const b = state[1]!;
    const c = state[2]!;
    const t = (state[0]! + b + state[3]!) | 0;
    state[3]! += 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    return this.next32() / 2 ** 32;
  }

  /** Uniform whole number, both ends included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.uniform() * (high - low + 1));
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of the items, each as likely. */
  pick<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)]!;
  }

  /** One of the items, likely in proportion to its weight. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    let total = 0;
    for (const item of items) total += item[1];
    let rest = this.uniform() * total;
    for (const item of items) {
      rest -= item[1];
      if (rest < 0) return item[0];
    }
    return items[items.length - 1]![0];
  }

  /**
   * About normal with mean 0 and deviation 1, never beyond 6: the sum of twelve uniforms. Only additions, because the
   * last digit of `Math.log` and `Math.cos` is left to the engine, and the sample must not depend on it.
   */
  normal(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }

  /**
   * A number from a distribution given by its quantiles, straight between them.
   *
   * @param quantiles pairs of share (rising from 0 to 1) and value
   */
  fromQuantiles(quantiles: readonly (readonly [share: number, value: number])[]): number {
    const share = this.uniform();
    for (let i = 1; i < quantiles.length; i++) {
      const [low, from] = quantiles[i - 1]!;
      const [high, to] = quantiles[i]!;
      if (share < high) return from + ((share - low) / (high - low)) * (to - from);
    }
    return quantiles[quantiles.length - 1]![1];
  }

  /** Shuffles in place (Fisher-Yates). */
  shuffle<T>(items: T[]): void {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.whole(0, i);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
  }
}
