/** Longest run of characters that counts as a feature. */
const LONGEST_GRAM = 5;
/** Longest run of Latin words; character runs hold only pieces of most English words. */
const LONGEST_PHRASE = 3;
/**
 * log2 of the number of hash buckets. 10,000 texts have 180,000 different n-grams; sharing buckets
 * cost nothing on development sets and keeps the model a third of the size.
 */
const HASH_BITS = 16;
/**
 * Weight of the n-grams beside the encoder's vector, chosen on development sets: a half where a label
 * has ten texts, two where it has a hundred and more, for then words that matter have been seen.
 */
const GRAM_WEIGHT = { least: 0.5, most: 2, textsAtLeast: 10 };
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
  /** Length of the n-gram part beside the vector's 1. */
  readonly gramWeight: number;
};

/** A text as features: the encoder's dimensions first, then its n-grams. */
export type FeatureVector = { readonly indices: Uint32Array; readonly values: Float32Array };

/** FNV's high bits hardly move on so short an input; MurmurHash3's finaliser spreads them. */
function bucketOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> (32 - HASH_BITS);
}

/** Counts every run of up to `longest` symbols; `seed` keeps two kinds of runs apart. */
function countRuns(
  symbols: readonly number[],
  longest: number,
  seed: number,
  counts: Map<number, number>,
): void {
  for (let start = 0; start < symbols.length; start += 1) {
    let hash = seed;
    const end = Math.min(symbols.length, start + longest);
    for (let at = start; at < end; at += 1) {
      hash = Math.imul(hash ^ (symbols[at] as number), FNV_PRIME);
      const bucket = bucketOf(hash);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
  }
}

function hashWord(word: string): number {
  let hash = FNV_OFFSET;
  for (let at = 0; at < word.length; at += 1) {
    hash = Math.imul(hash ^ word.charCodeAt(at), FNV_PRIME);
  }
  return hash;
}

/** How often each hashed run of characters, and of Latin words, occurs in a text. */
function countGrams(text: string): Map<number, number> {
  const folded = text.toLowerCase().replace(/\s+/g, ' ').trim();
  const characters = Array.from(folded, (character) => character.codePointAt(0) as number);
  const words = (folded.match(/[a-z0-9']+/g) ?? []).map(hashWord);
  const counts = new Map<number, number>();
  countRuns(characters, LONGEST_GRAM, FNV_OFFSET, counts);
  countRuns(words, LONGEST_PHRASE, ~FNV_OFFSET, counts);
  return counts;
}

function gramWeightFor(texts: number, labels: number): number {
  const { least, most, textsAtLeast } = GRAM_WEIGHT;
  const perLabel = texts / Math.max(1, labels);
  return Math.min(most, Math.max(least, least * Math.sqrt(perLabel / textsAtLeast)));
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
 * @param labels number of labels that the texts share
 */
export function learnFeatureSpace(
  texts: readonly string[],
  vectors: Float32Array,
  dimensions: number,
  labels: number,
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
  return {
    mean: meanOf(vectors, dimensions),
    rowOfBucket,
    rarity: Float32Array.from(rarity),
    gramWeight: gramWeightFor(texts.length, labels),
  };
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
  const scale = squares > 0 ? space.gramWeight / Math.sqrt(squares) : 0;
  const indices = new Uint32Array(centred.length + rows.length);
  const values = new Float32Array(indices.length);
  for (let d = 0; d < centred.length; d += 1) indices[d] = d;
  values.set(centred);
  indices.set(rows, centred.length);
  for (const [at, weight] of weights.entries()) values[centred.length + at] = weight * scale;
  return { indices, values };
}
