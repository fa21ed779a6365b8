/** Cumulative weights of the last distribution that was asked for: they are as many as its elements. */
let last: { readonly exponent: number; readonly weights: Float64Array } | undefined;

function weightsOf(exponent: number, elements: number): Float64Array {
  if (last?.exponent === exponent && last.weights.length === elements) return last.weights;
  const weights = new Float64Array(elements);
  let sum = 0;
  for (let i = 0; i < elements; i++) weights[i] = sum += (i + 1) ** -exponent;
  last = { exponent, weights };
  return weights;
}

/** The element, from 1, at a fraction from 0 to 1 of a Zipf distribution. Source: "ZIPF". */
export function zipf(exponent: number, elements: number, fraction: number): number {
  const weights = weightsOf(exponent, elements);
  const wanted = fraction * weights[elements - 1]!;
  let [low, high] = [0, elements - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (weights[middle]! > wanted) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}
