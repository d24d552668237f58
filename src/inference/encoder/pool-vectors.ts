/** How many token vectors there are, and which of them are padding. */
export type TokenGrid = {
  readonly texts: number;
  /** Tokens of the longest text. */
  readonly width: number;
  readonly dimensions: number;
  /** Tokens of each text. */
  readonly lengths: readonly number[];
};

/**
 * Makes one vector of each text's token vectors.
 *
 * @param hidden row-major [texts, width, dimensions]
 * @param pooling the mean over the text's tokens, or its first token
 * @returns row-major [texts, dimensions]; not yet of unit length
 */
export function poolVectors(
  hidden: Float32Array,
  grid: TokenGrid,
  pooling: 'mean' | 'first',
): Float32Array {
  const { texts, width, dimensions } = grid;
  const pooled = new Float32Array(texts * dimensions);
  for (let text = 0; text < texts; text += 1) {
    const tokens = pooling === 'first' ? 1 : (grid.lengths[text] as number);
    for (let token = 0; token < tokens; token += 1) {
      const from = (text * width + token) * dimensions;
      for (let d = 0; d < dimensions; d += 1) {
        const at = text * dimensions + d;
        pooled[at] = (pooled[at] as number) + (hidden[from + d] as number) / tokens;
      }
    }
  }
  return pooled;
}

/** Scales each row to unit length, in place. A row of zeros stays as it is. */
export function normaliseRows(vectors: Float32Array, dimensions: number): Float32Array {
  for (let from = 0; from < vectors.length; from += dimensions) {
    const row = vectors.subarray(from, from + dimensions);
    let squares = 0;
    for (const value of row) squares += value * value;
    if (squares === 0) continue;
    const scale = 1 / Math.sqrt(squares);
    for (let d = 0; d < dimensions; d += 1) row[d] = (row[d] as number) * scale;
  }
  return vectors;
}
