/** A neighbour: its row in the index and its cosine. */
export type Neighbour = { readonly row: number; readonly similarity: number };

/** Vectors among which the closest are found by looking at each: exact. */
export type VectorIndex = {
  readonly dimensions: number;
  /** Row-major, rows of unit length. */
  readonly vectors: Float32Array;
};

/** Cosine of a row and a query of unit length; four sums, because one would wait for itself. */
function cosine(vectors: Float32Array, from: number, query: Float32Array): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = 0;
  for (; at + 3 < query.length; at += 4) {
    const base = from + at;
    a += (vectors[base] as number) * (query[at] as number);
    b += (vectors[base + 1] as number) * (query[at + 1] as number);
    c += (vectors[base + 2] as number) * (query[at + 2] as number);
    d += (vectors[base + 3] as number) * (query[at + 3] as number);
  }
  for (; at < query.length; at += 1) a += (vectors[from + at] as number) * (query[at] as number);
  return a + b + (c + d);
}

/**
 * Finds the rows closest to a query.
 *
 * @param query of unit length
 * @returns at most `limit`, closest first; of equals the lower row first
 */
export function findNearest(index: VectorIndex, query: Float32Array, limit: number): Neighbour[] {
  const best: Neighbour[] = [];
  const count = index.vectors.length / index.dimensions;
  for (let row = 0; row < count; row += 1) {
    const similarity = cosine(index.vectors, row * index.dimensions, query);
    const last = best[best.length - 1];
    if (best.length === limit && last && similarity <= last.similarity) continue;
    const at = best.findIndex((other) => similarity > other.similarity);
    best.splice(at < 0 ? best.length : at, 0, { row, similarity });
    if (best.length > limit) best.pop();
  }
  return best;
}

/** Finds the closest of the rows `from` (inclusive) to `to`, of which there is at least one. */
export function findNearestBetween(
  index: VectorIndex,
  query: Float32Array,
  from: number,
  to: number,
): Neighbour {
  let row = from;
  let similarity = Number.NEGATIVE_INFINITY;
  for (let at = from; at < to; at += 1) {
    const found = cosine(index.vectors, at * index.dimensions, query);
    if (found > similarity) [row, similarity] = [at, found];
  }
  return { row, similarity };
}
