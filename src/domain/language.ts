/** The two languages that customers are answered in; Chinese first. */
export type Language = 'zh' | 'en';

/** A text that people read, complete in both languages. */
export type Bilingual = { readonly zh: string; readonly en: string };
