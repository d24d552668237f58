// The package has types for its root only; its root loads image and audio code that costs 0.1 s.
declare module '@xenova/transformers/src/tokenizers.js' {
  export { PreTrainedTokenizer } from '@xenova/transformers';
}
