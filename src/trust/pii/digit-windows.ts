/** Neighbouring groups of digits, read as one number. */
export type DigitWindow = {
  readonly start: number;
  readonly end: number;
  /** The digits alone. */
  readonly digits: string;
  /** How many digits each group has. */
  readonly lengths: readonly number[];
  /** All that stood between the groups. */
  readonly separators: string;
  /** A `+` stands before it and is inside `start`. */
  readonly plus: boolean;
  /** An X follows at `end`, as an identity card may end. */
  readonly xFollows: boolean;
};

type Group = { readonly start: number; readonly end: number; readonly digits: string };

// The longest number with separators that any rule reads is a card of 19 digits.
const MAX_DIGITS = 19;
// The shortest is a foreign telephone number after a plus.
const MIN_DIGITS = 8;

// What people and keyboards put between digits: blanks, dashes, dots, brackets, zero-width
// characters, and the two code points of a keycap emoji.
const SEPARATOR =
  /^(?:[ \t\u00a0()._\-\u2010-\u2015·\u2060\ufeff]|\u200b|\u200c|\u200d|\ufe0f|\u20e3){1,4}$/;

function isDate(year: Group, month: Group | undefined, day: Group | undefined): boolean {
  if (month === undefined || day === undefined) return false;
  return /^(?:19|20)\d\d-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])$/.test(
    `${year.digits}-${month.digits}-${day.digits}`,
  );
}

/** For each group: whether the next one may belong to the same number. */
function linkGroups(text: string, groups: readonly Group[]): boolean[] {
  const gap = (i: number) => text.slice(groups[i]?.end, groups[i + 1]?.start);
  const links = groups.map((_, i) => i + 1 < groups.length && SEPARATOR.test(gap(i)));
  groups.forEach((group, i) => {
    const sign = gap(i);
    if (!/^[-./]$/.test(sign) || sign !== gap(i + 1)) return;
    if (!isDate(group, groups[i + 1], groups[i + 2])) return;
    for (const at of [i - 1, i, i + 1, i + 2]) if (at >= 0) links[at] = false;
  });
  return links;
}

/** Takes in the plus and the bracket that stand before a number: `+86 …`, `(0755) …`. */
function openingOf(text: string, start: number, separators: string): number {
  const beforeSign = text[start - 1] === '+' ? start - 1 : start;
  const bracket = text[beforeSign - 1] === '(' && separators.includes(')');
  return bracket ? beforeSign - 1 : beforeSign;
}

function windowsFrom(
  text: string,
  groups: readonly Group[],
  links: readonly boolean[],
  first: number,
): DigitWindow[] {
  const windows: DigitWindow[] = [];
  const lengths: number[] = [];
  const firstStart = groups[first]?.start ?? 0;
  let digits = '';
  let separators = '';
  let end = firstStart;
  for (let at = first; at < groups.length; at++) {
    const group = groups[at] as Group;
    if (at > first) separators += text.slice(end, group.start);
    digits += group.digits;
    lengths.push(group.digits.length);
    end = group.end;
    if (at > first && digits.length > MAX_DIGITS) break;
    if (digits.length >= MIN_DIGITS) {
      windows.push({
        start: openingOf(text, firstStart, separators),
        end,
        digits,
        lengths: lengths.slice(),
        separators,
        plus: text[firstStart - 1] === '+',
        xFollows: /[Xx]/.test(text[end] ?? ''),
      });
    }
    if (!links[at]) break;
  }
  return windows;
}

/**
 * Lists every sequence of neighbouring digit groups that could be one number.
 *
 * Written dates join nothing. Each group begins at most 19 windows, so the work grows with the text.
 *
 * @param text width-folded text
 */
export function digitWindows(text: string): DigitWindow[] {
  const groups = Array.from(text.matchAll(/\d+/g), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    digits: match[0],
  }));
  const links = linkGroups(text, groups);
  return groups.flatMap((_, first) => windowsFrom(text, groups, links, first));
}
