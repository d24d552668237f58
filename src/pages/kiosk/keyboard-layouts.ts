/** Which keys the on-screen keyboard shows. */
export type KeyboardKind = 'pinyin' | 'latin' | 'digits';

/** Rows of keys in simple-keyboard's notation; names in braces are functions. */
export const KEYBOARD_ROWS: Readonly<Record<string, readonly string[]>> = {
  pinyin: [
    '1 2 3 4 5 6 7 8 9 0',
    'q w e r t y u i o p',
    'a s d f g h j k l {bksp}',
    'z x c v b n m ， 。 ？',
    '{latin} {space} {hide}',
  ],
  latin: [
    '1 2 3 4 5 6 7 8 9 0',
    'q w e r t y u i o p',
    "a s d f g h j k l ' {bksp}",
    '{shift} z x c v b n m , . ?',
    '{pinyin} @ {space} - _ {hide}',
  ],
  shifted: [
    '1 2 3 4 5 6 7 8 9 0',
    'Q W E R T Y U I O P',
    "A S D F G H J K L ' {bksp}",
    '{shift} Z X C V B N M , . ?',
    '{pinyin} @ {space} - _ {hide}',
  ],
  digits: ['1 2 3', '4 5 6', '7 8 9', '. 0 -', '{bksp} {hide}'],
};
