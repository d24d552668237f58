/** Longest run of characters that counts as a feature. */
const LONGEST_GRAM = 4;
/** log2 of the number of hash buckets: 3,000 texts make about 25,000 different n-grams. */
const HASH_BITS = 16;
/** Weight of the n-grams beside the encoder's vector; chosen on development sets. */
const GRAM_WEIGHT = 0.5;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** A bucket that no training text fell into. */
const UNSEEN = -1;

/** What training learnt about its texts: where their vectors lie, and which n-grams they hold. */
export type FeatureSpace = {
  /** Mean of the training vectors. */
  readonly mean: Float32Array;
  /** Row of the n-gram for each hash bucket; −1 for a bucket that training never saw. */
  readonly rowOfBucket: Int32Array;
  /** Inverse document frequency of each n-gram row. */
  readonly rarity: Float32Array;
};

/** A text as features: the encoder's dimensions first, then its n-grams. */
export type FeatureVector = { readonly indices: Uint32Array; readonly values: Float32Array };

/** How often each hashed n-gram of 1 to 4 characters occurs in a text. */
function countGrams(text: string): Map<number, number> {
  const folded = text.toLowerCase().replace(/\s+/g, ' ').trim();
  const points = Array.from(folded, (character) => character.codePointAt(0) as number);
  const counts = new Map<number, number>();
  for (let start = 0; start < points.length; start += 1) {
    let hash = FNV_OFFSET;
    const end = Math.min(points.length, start + LONGEST_GRAM);
    for (let at = start; at < end; at += 1) {
      hash = Math.imul(hash ^ (points[at] as number), FNV_PRIME);
      // FNV's high bits hardly move on so short an input; MurmurHash3's finaliser spreads them.
      const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
      const bucket = (mixed ^ (mixed >>> 13)) >>> (32 - HASH_BITS);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
  }
  return counts;
}

/** Averages row-major vectors. */
function meanOf(vectors: Float32Array, dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions);
  for (let at = 0; at < vectors.length; at += 1) {
    const column = at % dimensions;
    sums[column] = (sums[column] as number) + (vectors[at] as number);
  }
  const rows = Math.max(1, vectors.length / dimensions);
  return Float32Array.from(sums, (sum) => sum / rows);
}

/**
 * Learns the mean vector, and which n-grams exist and how rare they are.
 *
 * @param vectors row-major [texts, dimensions]
 */
export function learnFeatureSpace(
  texts: readonly string[],
  vectors: Float32Array,
  dimensions: number,
): FeatureSpace {
  const documents = new Uint32Array(2 ** HASH_BITS);
  for (const text of texts) {
    for (const bucket of countGrams(text).keys()) {
      documents[bucket] = (documents[bucket] as number) + 1;
    }
  }
  const rowOfBucket = new Int32Array(documents.length).fill(UNSEEN);
  const rarity: number[] = [];
  for (const [bucket, count] of documents.entries()) {
    if (count === 0) continue;
    rowOfBucket[bucket] = rarity.length;
    rarity.push(1 + Math.log((1 + texts.length) / (1 + count)));
  }
  return { mean: meanOf(vectors, dimensions), rowOfBucket, rarity: Float32Array.from(rarity) };
}

/** How many features a vector of this space can have. */
export function countFeatures(space: FeatureSpace): number {
  return space.mean.length + space.rarity.length;
}

/** Moves a vector's origin to the mean and scales it to unit length. */
export function centre(mean: Float32Array, vector: Float32Array): Float32Array {
  const centred = new Float32Array(mean.length);
  let squares = 0;
  for (let d = 0; d < mean.length; d += 1) {
    const value = (vector[d] as number) - (mean[d] as number);
    centred[d] = value;
    squares += value * value;
  }
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  for (let d = 0; d < mean.length; d += 1) centred[d] = (centred[d] as number) * scale;
  return centred;
}

/**
 * Joins the centred vector of a text with its n-grams, weighed (1 + log count) × rarity.
 *
 * @param centred of unit length, as `centre` returns it
 */
export function extractFeatures(
  space: FeatureSpace,
  text: string,
  centred: Float32Array,
): FeatureVector {
  const rows: number[] = [];
  const weights: number[] = [];
  let squares = 0;
  for (const [bucket, count] of countGrams(text)) {
    const row = space.rowOfBucket[bucket] as number;
    if (row === UNSEEN) continue;
    const weight = (1 + Math.log(count)) * Math.sqrt(space.rarity[row] as number);
    rows.push(centred.length + row);
    weights.push(weight);
    squares += weight * weight;
  }
  const scale = squares > 0 ? GRAM_WEIGHT / Math.sqrt(squares) : 0;
  const indices = new Uint32Array(centred.length + rows.length);
  const values = new Float32Array(indices.length);
  for (let d = 0; d < centred.length; d += 1) indices[d] = d;
  values.set(centred);
  indices.set(rows, centred.length);
  for (const [at, weight] of weights.entries()) values[centred.length + at] = weight * scale;
  return { indices, values };
}
