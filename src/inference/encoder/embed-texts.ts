import { Buffer } from 'node:buffer';

/** How texts are cut into batches. */
export type EmbedPlan = {
  readonly dimensions: number;
  readonly maxBatch: number;
  /** Batches under way at a time. */
  readonly depth: number;
};

/**
 * Embeds any number of texts in batches of similar length.
 *
 * @param embedBatch embeds at most `maxBatch` texts
 * @returns row-major [texts, dimensions], in the order of `texts`
 */
export async function embedTexts(
  texts: readonly string[],
  plan: EmbedPlan,
  embedBatch: (texts: readonly string[]) => Promise<Float32Array>,
): Promise<Float32Array> {
  const { dimensions, maxBatch } = plan;
  const vectors = new Float32Array(texts.length * dimensions);
  const order = texts
    .map((text, row) => ({ text, row, bytes: Buffer.byteLength(text) }))
    .sort((a, b) => a.bytes - b.bytes);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < order.length) {
      const batch = order.slice(next, next + maxBatch);
      next += maxBatch;
      const found = await embedBatch(batch.map(({ text }) => text));
      for (const [at, { row }] of batch.entries()) {
        vectors.set(found.subarray(at * dimensions, (at + 1) * dimensions), row * dimensions);
      }
    }
  };
  await Promise.all(Array.from({ length: plan.depth }, work));
  return vectors;
}
