const NUMERALS: Readonly<Record<string, string>> = Object.fromEntries(
  ['零〇○', '一壹幺', '二贰两', '三叁', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'].flatMap(
    (chars, digit) => [...chars].map((char) => [char, String(digit)]),
  ),
);

/**
 * Folds full-width letters, digits and signs to ASCII.
 *
 * Every UTF-16 unit stays where it was, so positions in the result are positions in the text.
 */
export function foldWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/\u3000/g, ' ');
}

/** Folds Chinese numerals (一 壹 幺 …) to digits; positions stay. */
export function foldNumerals(text: string): string {
  return text.replace(
    /[零〇○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖]/g,
    (char) => NUMERALS[char] ?? char,
  );
}
